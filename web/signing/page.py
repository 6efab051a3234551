"""The page on which one signs in; it stands alone, for nobody is there yet whose frame it could have."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import HTMLResponse, Response

from web.pages import environment


def sign_in_page(
    *, back: str = "", name: str = "", error: str = "", said: str = "", status: HTTPStatus = HTTPStatus.OK
) -> Response:
    """The form; ``back`` is the address on this desk to which it leads, ``name`` what was typed as her name."""
    text = environment().get_template("sign_in.html").render(back=back, name=name, error=error, said=said)
    return HTMLResponse(text, status_code=status)
