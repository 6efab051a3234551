"""The tables of the regulations reference, copied by hand and not from the YAML, for the test of the law data.

A parameter stands at the left edge, its cells below it: ``document value clause certainty``, ``-`` for no clause,
``*`` for wording that is not compared, ``unconfirmed/basis``. ``20 ?45`` says that the document gives nothing known
and 45, a neighbour's value, is used in its place. Whoever has read a text and confirms a value changes its cell here
as well: the second pair of eyes that keeps an exam's wording from passing for the law's.
"""

REGULATION = """
R01 admission.age_minimum
  45 ?18 | 29 18 1.1a quoted | 24 18 1.1.1 quoted | 232 18 1.1.1 quoted | 294 18 1.1.1 read
  20 ?18 | 208 18 1.1.1 unconfirmed/exam_key
R01 admission.age_maximum
  45 ?60 | 29 60 1.1a quoted | 24 60 1.1.1 quoted | 232 60 1.1.1 quoted | 294 60 1.1.1 read
  20 ?60 | 208 60 1.1.1 unconfirmed/exam_key
R02 admission.over_60_decider
  29 central_direct_committee 1.1b quoted | 24 central_direct_committee 1.1.2 quoted
  232 central_direct_committee 1.1.2 quoted | 294 central_direct_committee 1.1.2 read
  20 ?central_direct_committee | 208 unresolved - unconfirmed/exam
R03 admission.schooling_minimum
  45 ?lower_secondary | 29 lower_secondary 1.2a quoted | 24 lower_secondary 1.2.1 quoted
  232 lower_secondary 1.2.1 quoted | 294 lower_secondary 1.2.1 read
  20 ?lower_secondary | 208 lower_secondary - unconfirmed/exam_key
R03 admission.schooling_evidence
  29 diploma_or_equivalent 1.2a quoted | 24 diploma 1.2.1 quoted | 232 diploma 1.2.1 quoted
  294 diploma 1.2.1 read | 20 ?diploma | 208 programme_completed - unconfirmed/exam_key
R03 admission.schooling_exceptions_delegated
  29 true 1.2b quoted | 24 true 1.2.2 quoted | 232 true 1.2.2 quoted | 294 true 1.2.2 read
R08 referrers.together
  29 12 - unconfirmed/inferred | 24 12 3.2 quoted | 232 ?12 | 294 12 3.2.1 read | 20 ?12 | 208 12 - unconfirmed/exam
R08 referrers.replacement_exempt
  24 true 3.2 quoted | 294 true 3.2.2 read | 208 true - unconfirmed/exam
R08 referrers.probationary_allowed
  294 false 3.2.1 read
R08 referrers.trade_union_regulation
  294 true 3.1 read
R09 votes.cell_regulation
  294 2/3 9.3.4 read
R09 votes.standing_committee_regulation
  294 1/2 9.3.4 read
R10 admission.decision_limit
  45 ?60 | 29 60 4.3.1 quoted | 24 60 4.3.1 unconfirmed/inferred | 232 60 4.3.1 quoted | 294 45 4.3.1 read
  20 ?45 | 208 ?45
R10 recognition.decision_limit
  45 ?30 | 29 30 4.3.1 quoted | 24 30 4.3.1 unconfirmed/inferred | 232 30 4.3.1 unconfirmed/inferred
  294 30 4.3.1 read | 20 ?30 | 208 ?30
R10 admission.decision_extension
  45 ?30 | 29 30 4.3.1 quoted | 24 30 4.3.1 unconfirmed/inferred | 232 ?30 | 294 15 4.3.1 read | 20 ?15 | 208 ?15
R10 recognition.decision_extension
  45 ?30 | 29 30 4.3.1 quoted | 24 30 4.3.1 unconfirmed/inferred | 232 ?30 | 294 15 4.3.1 read | 20 ?15 | 208 ?15
R10 admission.decision_late_review
  29 true 4.3.1 quoted | 24 true - unconfirmed/inferred | 294 true 4.3.1 read
R11 admission.ceremony_limit
  45 ?30 | 29 30 4.1 quoted | 24 30 4.1 quoted | 232 30 4.1 quoted | 294 30 4.1 read | 20 ?30
  208 30 - unconfirmed/exam_key
R11 admission.ceremony_clock
  45 ?received | 29 received 4.1 quoted | 24 received 4.1 quoted | 232 received 4.1 quoted | 294 received 4.1 read
  20 ?received | 208 issued - unconfirmed/exam_key
R11 admission.ceremony_late_consent
  29 immediately_higher - secondary | 24 immediately_higher - secondary | 294 immediately_higher - read
  208 ?immediately_higher
R12 probation.readmitted_length
  208 12 - unconfirmed/exam
R12 probation.readmitted_again
  29 true - secondary | 24 true - secondary | 294 true 3.5.4 read | 208 true - unconfirmed/exam
R14 recognition.cell_window
  45 ?30 | 29 30 4.2a quoted | 24 30 4.2.1 quoted | 232 30 4.2.1 unconfirmed/inferred | 294 30 4.2.1 read
  20 ?30 | 208 30 - unconfirmed/exam
R15 recognition.effective_day
  29 end_of_probation 4.2b quoted | 24 end_of_probation 4.2.2 quoted
  232 end_of_probation 4.2.2 unconfirmed/inferred | 294 end_of_probation 4.2.2 read
  208 end_of_probation - unconfirmed/exam_key
R16 recognition.failed_votes
  29 ?3 | 24 3 4.2.3 quoted | 232 3 4.2.3 unconfirmed/inferred | 294 3 4.2.3 read | 20 ?3 | 208 ?3
R18 correction.wrong_standard
  294 * 4.4.1 read
R18 correction.wrong_procedure
  294 * 4.4.2 read
R19 seniority.starts_on
  24 decision_issued 4.5.1 quoted | 294 decision_issued 4.5.1 read | 208 decision_issued - unconfirmed/exam_key
R19 seniority.readmitted
  24 * 4.5.2 quoted | 294 * 4.5.2 read
R20 card.awarded_at
  29 1 6.1a quoted | 294 1 6.1.1 read
R20 card.decided_by
  294 immediately_above_base 6.1.3 read
R23 transfer.formal_limit
  294 60 6.3.1a read | 20 ?60 | 208 60 - unconfirmed/exam_key
R23 transfer.formal_manner
  294 do 6.3.1a read | 208 complete - unconfirmed/exam_key
R23 transfer.introduce_limit
  294 30 6.3.1c read | 208 ?30
R23 transfer.temporary_minimum
  294 3 6.3.2a read
R23 transfer.temporary_below
  294 12 6.3.2a read
R23 transfer.study_maximum
  294 24 6.3.2a read
R23 transfer.dissolved_limit
  294 30 6.3.5 read
R24 special.readmission_wait
  29 36 - quoted | 24 36 3.5 read | 232 36 3.5.1 quoted | 294 36 3.5 read | 20 ?36 | 208 36 - unconfirmed/exam_key
R24 special.readmission_wait_after_conviction
  29 60 - secondary | 24 60 3.5 read | 232 60 3.5.1 quoted | 294 60 3.5 read | 208 60 - unconfirmed/exam
R24 special.readmission_times
  29 1 - secondary | 24 1 - secondary | 232 ?1 | 294 1 3.5 read | 208 ?1
R24 special.readmission_consent
  29 province_standing_committee - secondary | 294 province_standing_committee 3.5 read
  208 province_standing_or_permanent - unconfirmed/exam
R25 authority.base_committee
  29 whole_committee 4.3.2 quoted | 24 whole_committee 4.3.2 unconfirmed/inferred
  232 whole_committee 4.3.2 unconfirmed/inferred | 294 whole_committee 4.3.2 read
  208 standing_committee - unconfirmed/exam_key
R25 authority.above_base
  29 standing_committee 4.3.2 quoted | 24 standing_committee 4.3.2 unconfirmed/inferred
  294 standing_committee 4.3.2 read
R25 authority.district_level
  232 true - unconfirmed/inferred | 294 false 10.1–10.2 read
R26 removal.inactivity
  24 3 8.1 secondary | 294 3 8.1 read | 208 3 - unconfirmed/exam_key
R26 removal.no_progress
  24 12 8.1 secondary | 294 12 8.1 read
R26 complaint.limit
  294 30 8.2.1 read | 20 ?30 | 208 30 - unconfirmed/exam
R26 complaint.answer_province
  294 90 8.2.2 read
R26 complaint.answer_central
  294 180 8.2.2 read
R26 resignation.bars_readmission
  294 true 3.5.2 read
3.9 special.politics_conclusion
  294 * 3.3 read
3.10 special.no_cell
  294 * 3.4.1 read
"""

GUIDELINE = """
R01 admission.age_counting_guideline
  H12 by_year - secondary
R02 admission.over_60_consent
  H12 standing_committee_central_direct - secondary | H16 standing_committee_central_direct 1.1 quoted
  H21 standing_committee_central_direct 1.1 quoted | H06 standing_committee_central_direct 1.1 read
  H26 standing_committee_central_direct - unconfirmed/exam
R03 admission.schooling_minimum_special_area
  H12 primary - secondary | H16 primary - quoted | H21 primary - quoted | H06 primary 1.2a read | H26 ?primary
R03 admission.schooling_minimum_prestige
  H12 literate - secondary | H16 literate - quoted | H21 literate - quoted | H06 literate 1.2b read | H26 ?literate
R04 admission.course_required
  H12 ?true | H16 true - secondary | H21 true - quoted | H06 true 3.1 read | H26 ?true
R04 admission.course_issuer
  H21 district_centre 3.1 quoted | H06 commune_centre 3.1 read
R04 admission.awareness_validity
  H12 ?60 | H16 60 - secondary | H21 60 5.4 unconfirmed/inferred | H06 60 5.4b read | H26 60 - unconfirmed/exam
R05 papers.cv
  H21 true 3.1–3.6 quoted | H06 true 3.3 read
R05 papers.referral
  H21 true 3.1–3.6 quoted | H06 true 3.6a read
R06 admission.papers_validity
  H12 ?12 | H16 12 - secondary | H21 12 - unconfirmed/inferred | H06 12 5.4a read | H26 ?12
R06 papers.referral_when_expired
  H06 redo 5.4a read
R06 papers.verification_when_expired
  H06 supplement_if_changed 5.4a read
R07 verification.reply_in_country
  H16 30 - secondary | H21 30 - secondary | H06 30 3.4d read | H26 ?30
R07 verification.reply_abroad
  H16 90 - secondary | H21 90 - secondary | H06 90 3.4d read | H26 ?90
R08 referrers.moved_in_helper
  H06 true 3.9a read
R09 votes.cell
  H12 ?2/3 | H16 2/3 - quoted | H21 2/3 - quoted | H06 2/3 3.6b read | H26 2/3 - unconfirmed/exam
R09 votes.base_committee
  H16 2/3 - secondary | H21 2/3 - secondary | H06 2/3 3.6c read
R09 votes.base_committee_authorised
  H16 2/3 - unconfirmed/inferred | H21 2/3 - unconfirmed/inferred | H06 2/3 3.7a read
R09 votes.standing_committee
  H16 1/2 - unconfirmed/inferred | H21 1/2 - unconfirmed/inferred | H06 1/2 3.7a read
R12 probation.helper
  H06 true 3.8c,3.10 read
R12 probation.interrupted_by_transfer
  H06 false 3.10 unconfirmed/inferred
R13 recognition.course_required
  H12 ?true | H16 true - secondary | H21 true 4.1 quoted | H06 true 4.1 read | H26 ?true
R13 recognition.course_issuer
  H21 district_centre 4.1 quoted | H06 commune_centre 4.1 read
R14 recognition.papers_after_probation
  H06 1 4.2 read | H26 ?1
R17 recognition.announced_at
  H06 1 4.5b read | H26 1 4.5b unconfirmed/exam_key
R19 seniority.starts_on_guideline
  H06 decision_signed 5.3 read
R21 movement.forward_limit
  H16 ?15 | H21 15 - secondary | H06 15 3.9 read | H26 ?15
R21 movement.receiver_decision_limit
  H21 30 - secondary | H06 30 3.9 read | H26 ?30
R21 movement.decided_within
  H21 30 - secondary | H06 30 3.9 read | H26 ?30
R21 movement.recheck_limit
  H21 60 - secondary | H06 60 3.9 read | H26 ?60
R22 organisation.study_minimum
  H06 12 6.2 read | H26 12 - unconfirmed/exam
R23 transfer.graduate_stay
  H06 12 10.2.1a read
R26 removal.cell_share
  H06 2/3 4.6 read
R26 removal.standing_committee_share
  H06 1/2 4.6 read
R26 removal.hearing_refusals
  H06 3 11.1a read
"""

STATUTE = """
R01 admission.age_minimum_statute
  DL 18 1.2 quoted
R08 referrers.count
  DL 2 4.1 quoted
R08 referrers.count_with_union
  DL 1 4.1 quoted
R08 referrers.together_statute
  DL 1 4.2 quoted
R09 votes.cell_statute
  DL 2/3 4.3 quoted
R09 votes.minimum_members
  DL 3 24.1 unconfirmed/exam_key
R12 probation.length
  DL 12 5.1 quoted
R12 probation.may_vote
  DL false 3 unconfirmed/exam_key
R18 discipline.penalties
  DL * 35 secondary
R19 seniority.starts_on_statute
  DL decision_written 5.4 quoted
"""

SPECIAL = """
R04 admission.course_lessons
  hd-61-2022 5 - secondary
R04 admission.course_issuer_elsewhere
  qd-360-2025 true - secondary
R11 admission.member_cv_limit
  hd-09-2017 ?30 | hd-12-2022 30 - unconfirmed/exam
R12 probation.fees
  qd-01-2026 true 2 unconfirmed/exam_key
R18 discipline.afterwards
  qd-22-2021 * 2.10 quoted
R20 card.number
  qd-347-2025 personal_id_number - secondary
3.1 special.religion_consent
  qd-123-2004 ?immediately_higher | qdi-06-2018 immediately_higher - secondary
3.1 special.religious_office_consent
  qdi-06-2018 level_unknown - unconfirmed/unknown
3.2 special.owner_route
  hd-17-2013 pilot - secondary | hd-08-2021 general - secondary
3.3 special.population_wait_third
  qd-173-2013 60 - secondary | qdi-05-2018 24 3 quoted
3.3 special.population_wait_fourth
  qd-173-2013 60 - secondary | qdi-05-2018 36 3 quoted
3.3 special.population_fifth_never
  qdi-05-2018 true 3 secondary
3.3 special.population_wait_third_special_area
  qd-173-2013 36 - secondary
3.3 special.population_former_wait_third
  qd-173-2013 60 - secondary | qdi-05-2018 24 - secondary
3.3 special.population_former_wait_fourth
  qdi-05-2018 36 - secondary
3.3 special.population_couples_decide
  pl-07-2025 true - secondary
3.4 special.spouse_conditions
  qd-127-2004 * - secondary
3.5 special.chinese_generations
  tt-06-2004 3 - secondary
9 data.request_answer
  nd-13-2023 ?2 | nd-356-2025 2 5 read
9 data.delete_limit
  nd-356-2025 20 5 read
9 data.impact_file
  luat-91-2025 60 21–22 read
PD project.upcoming_window
  quy-uoc-du-an 90 - read
"""

TABLES = (REGULATION, GUIDELINE, STATUTE, SPECIAL)

PERIODS = """
dieu-le-2011 2011-01-19 -
qd-45-2011 2011-11-01 2016-07-24
qd-29-2016 2016-07-25 2021-07-29
qd-24-2021 2021-07-30 2025-01-19
qd-232-2025 2025-01-20 2025-06-30
qd-294-2025 2025-07-01 2026-04-07
qd-20-2026 2026-04-08 2026-07-25
qd-208-2026 2026-07-26 -
hd-01-2012 2012-01-05 2016-09-19
hd-01-2016 2016-09-20 2021-09-27
hd-01-2021 2021-09-28 2025-06-08
hd-06-2025 2025-06-09 2026-05-18
hd-01-2026 2026-05-19 -
hd-09-2017 2017-06-05 2022-01-17
hd-12-2022 2022-01-18 2025-12-31
qd-123-2004 2004-09-28 2018-08-27
qdi-06-2018 2018-08-28 -
hd-20-2019 2019-09-26 -
hd-17-2013 2013-01-30 2021-09-26
hd-08-2021 2021-09-27 -
qd-173-2013 2013-03-11 2018-08-27
qdi-05-2018 2018-08-28 -
cv-13421-2025 2025-02-17 -
hd-15-ubkt-2025 2025-03-20 -
qd-127-2004 2004-11-03 -
hd-41-2005 2005-04-13 -
tt-06-2004 2004-11-02 -
hd-42-2005 2005-04-13 -
qd-22-2021 2021-07-28 2025-05-25
qd-347-2025 2025-08-08 -
hd-61-2022 2022-06-16 -
hd-154-2020 2020-10-09 -
qd-360-2025 2025-09-09 -
cv-1361-2026 2026-06-30 -
hn-02-2025 2025-11-21 -
qd-21-2026 2026-04-11 -
qd-207-2026 2026-07-26 -
qd-367-2025 2025-09-04 -
qd-01-2026 2026-02-03 -
blds-2015 2017-01-01 -
pl-07-2025 2025-06-03 -
luat-113-2025 2026-07-01 -
luat-91-2025 2026-01-01 -
nd-13-2023 2023-07-01 2025-12-31
nd-356-2025 2026-01-01 -
luat-117-2025 2026-03-01 -
quy-uoc-du-an 1930-01-01 -
"""
