"""The second wall: on PostgreSQL the server itself gives a transaction the rows of its units, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from cases.store.connection import querying, writing
from cases.store.rows.statements import insert
from cases.store.rows.written_tables import TABLES
from cases.store.sight import Sight, seeing
from cases.store.tables import metadata
from cases.store.wall.before_postgresql import raised
from desk.changes.values import AddUnit
from desk.desk import Desk
from rules.loader.errors import DubiError, StoreProblem
from tests.desk.walls.walled import TODAY, Office, drawn
from tests.postgresql import on_postgresql, own_store, store_of_nobody_special

pytestmark = on_postgresql
WALLED = sorted({name for said in raised("public") for name in re.findall(r"^ALTER TABLE (\w+) FORCE", said)})
BEFORE_NO_TABLE = {"identity", "step_kinds", "codes", "attribute_kinds"}
"""What holds nothing of anybody: the name of the store, and the words of the rules."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office on a server, in a store of somebody who passes no wall."""
    home = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch, store_of_nobody_special() as url:
        patch.setenv("DUBI_HOME", str(home))
        yield drawn(Random(5), home, url)  # noqa: S311  # chance that can be had again


def _sight(office: Office) -> Sight:
    """Of somebody who sees a part, with cases in it."""
    units = {str(record.fields["unit"]) for record in office.roster().records}
    return next(
        sight
        for sight in (Sight(frozenset({unit})) for unit in sorted(units))
        if len(office.seen(sight)) < len(office.of_unit)
    )


def _pooled(url: str) -> sa.Engine:
    """An engine whose one connection goes from hand to hand, as a server of many keeps it."""
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=QueuePool, pool_size=1)


def test_every_table_is_behind_the_wall() -> None:
    """A table that is added has a wall, or is said to hold nothing of anybody."""
    assert set(WALLED) == TABLES.keys() - BEFORE_NO_TABLE


def test_a_connection_that_is_told_nothing_sees_nothing(office: Office) -> None:
    """Without settings there are no rows; what one transaction was told is gone with it, on the same connection."""
    with querying(office.url) as execute:
        ((unit,),) = execute("SELECT unit_id FROM cases LIMIT 1")
    engine = _pooled(office.url)
    told = f"SELECT set_config('dubi.units', '{int(unit)}', true)"
    counts = {name: sa.text(f"SELECT count(*) FROM {name}") for name in WALLED}  # noqa: S608  # names of our own
    for ended in ("commit", "rollback"):
        with engine.connect() as connection:
            connection.exec_driver_sql(told)
            assert connection.execute(counts["cases"]).scalar_one() > 0
            assert connection.exec_driver_sql("SELECT DISTINCT unit_id FROM cases").scalars().all() == [unit]
            getattr(connection, ended)()
        with engine.connect() as connection:
            found = {name: connection.execute(count).scalar_one() for name, count in counts.items()}
            everybodys = {"batches"} if found["batches"] else set()
            assert {name for name, number in found.items() if number} <= everybodys
            assert (
                found["batches"] == 0
                or not connection.exec_driver_sql(
                    "SELECT 1 FROM batches WHERE action NOT IN ('overlay', 'confirm')"
                ).all()
            )
    engine.dispose()


def test_the_server_itself_refuses_to_write_elsewhere(office: Office) -> None:
    """Into another unit nothing is put or moved; nothing foreign is altered or deleted."""
    with querying(office.url) as execute:
        own, other = [unit for (unit,) in execute("SELECT DISTINCT unit_id FROM cases ORDER BY unit_id LIMIT 2")]
        people = dict((unit, person) for unit, person in execute("SELECT unit_id, person_id FROM cases"))  # noqa: C402  # a row is no pair
    engine = _pooled(office.url)
    cases, targets = metadata.tables["cases"], metadata.tables["targets"]

    def run(statement: sa.Insert | sa.Update | sa.Delete) -> int:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT set_config('dubi.units', '{int(own)}', true)")
            return connection.execute(statement).rowcount

    for statement in (
        sa.insert(cases).values(code="X", person_id=people[own], unit_id=other),
        sa.update(cases).values(unit_id=other),
        sa.insert(targets).values(unit_id=other, year=2030, value=1),
    ):
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            run(statement)
    assert run(sa.update(cases).where(cases.c.unit_id == other).values(code="X")) == 0
    assert run(sa.delete(targets).where(targets.c.unit_id == other)) == 0
    engine.dispose()


def test_both_kinds_of_store_show_the_same(office: Office, tmp_path: Path) -> None:
    """Whoever sees a part sees the same of a server's store as of a file with the same in it: people, log, refusals."""
    sight = _sight(office)
    file = drawn(Random(5), tmp_path)  # noqa: S311  # the same chance
    here, there = (Desk(one.url, today=TODAY, user="w-ai-do", sight=sight) for one in (file, office))
    ask = here.ask()
    assert there.roster(there.ask()) == here.roster(ask)
    assert there.check(there.ask()).as_json() == here.check(ask).as_json()
    assert there.check(there.ask(by="sweep")).as_json() == here.check(here.ask(by="sweep")).as_json()
    assert there.units(there.ask()).as_json() == here.units(ask).as_json()
    assert there.courses().as_json() == here.courses().as_json()
    foreign = office.foreign_words(sight)
    for words in (repr(there.log(100)), repr(there.find(there.ask(), "zk")), *_refusals(there, office)):
        assert [word for word in foreign if word in words] == []
    mine = [(one.batch.action, one.batch.source, one.batch.size, str(one.whom)) for one in here.log(100).writes]
    assert [
        (one.batch.action, one.batch.source, one.batch.size, str(one.whom)) for one in there.log(100).writes
    ] == mine


def _refusals(desk: Desk, office: Office) -> Iterator[str]:
    """What is said of everybody who is not seen, without the code that was asked for."""
    for code in office.of_case:
        try:
            desk.person(desk.ask(), code)
        except DubiError as refused:
            yield str(refused).replace(code, "")


def test_the_program_writes_within_the_wall(office: Office) -> None:
    """A transaction of somebody who sees a part writes nothing elsewhere, even where no guard of ours has looked."""
    desk = Desk(office.url, today=TODAY, sight=_sight(office))
    foreign = next(code for code in office.of_unit if code not in office.seen(_sight(office)))
    with querying(office.url) as execute:
        ((unit,),) = execute(f"SELECT id FROM units WHERE code = '{foreign}'")  # noqa: S608  # a code of ours
    row = {"unit_id": unit, "year": 2031, "value": 1}
    with seeing(desk.eyes), pytest.raises(DubiError), writing(office.url) as store:
        insert(store, "targets", [row])


def test_an_account_that_passes_every_wall_opens_nothing_in_part() -> None:
    """Where the server would hold nothing back, whoever sees a part is refused and not shown all."""
    with own_store() as url:
        everybody = Desk(url, today=TODAY)
        everybody.commit(everybody.preview(AddUnit("UQ0ZX")), confirmed=True)
        everybody.commit(everybody.preview(AddUnit("UQ1ZX")), confirmed=True)
        desk = Desk(url, today=TODAY, sight=Sight(frozenset({"UQ0ZX"})))
        with pytest.raises(StoreProblem, match="superuser"):
            desk.roster(desk.ask())
