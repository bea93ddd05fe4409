"""A plan's year as an office goes through it, all of it through the edge: each step by whoever may take it,
and refused to whoever may not.

The plan is that of 2023, which is over on the clock of any machine that runs this: its work is handed in
late, its targets are judged for good, and what is to come (a deadline that was moved, visits) is of today's
year. People, figures and documents are invented (illustrative).
"""

import contextlib
import datetime
import glob
import json
import secrets
import unittest

import grpc
from dondoc_example import refusal
from people import Party, Person
from system import System, wait_for

PLANS = "/usr/share/dondoc/plans/cchc-2023"
PLAN = "plans/cchc-2023"
VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
DAY = datetime.timedelta(days=1)
# What one service did has reached the others.
HEARD_SECONDS = 60
# Led by "Các phòng, đơn vị có liên quan", which here is Phòng QLKH alone.
TASK = f"{PLAN}/tasks/8"
WORK = f"{TASK}/phases/1/assignments/phong-qlkh"
# Led by Văn phòng; their deadlines are moved. The second one is handed in.
WAITING = f"{PLAN}/tasks/2/phases/1/assignments/van-phong"
SETTLED = f"{PLAN}/tasks/5/phases/1/assignments/van-phong"
SATISFACTION = "indicators/cchc-2023-i-2-d"
EVIDENCE = {"document_number": "15/BC-QLKH", "document_date": "2023-12-15"}
FINDING = {"field": "III. Cải cách thủ tục hành chính", "text": "Niêm yết thiếu hai thủ tục", "serious": True}
# What was found is to be put right in so many days.
REMEDY_DAYS = 15
# Debian's package faketime, which tests/compose/run installs.
OTHER_TIME = "/usr/lib/*/faketime/libfaketimeMT.so.1"


def today():
    """The day in Vietnam."""
    return datetime.datetime.now(VIETNAM).date()


def told(message, field):
    """The word of an enum field: "DONE" of PROGRESS_DONE."""
    kind = message.DESCRIPTOR.fields_by_name[field].enum_type
    prefix = "".join("_" + letter if letter.isupper() else letter.upper() for letter in kind.name)
    return kind.values_by_number[getattr(message, field)].name.removeprefix(f"{prefix[1:]}_")


def remedy_due(concluded, last):
    """The day by which a finding is put right: a working day, as far as the year's notice goes."""
    day = datetime.date.fromisoformat(concluded) + REMEDY_DAYS * DAY
    while day < last and day.weekday() >= 5:
        day += DAY
    return str(day)


class Year:
    """Mixed into a TestCase that has a system with the plan in it, and its `certificates`."""

    @classmethod
    def party(cls, made):
        """Somebody whose connection ends with the class."""
        cls.addClassCleanup(made.close)
        return made

    @classmethod
    def person(cls, account):
        """Somebody at the desk."""
        return cls.party(Person(cls.system.port, cls.desk, account))

    def make_account(self, account, name):
        """An account as Trần An of the Office makes it; whoever it is for signs in with the password of one
        use, and has to set another one."""
        person = self.person(account)
        one_time = secrets.token_urlsafe(12)
        self.head_of_office.ask("AccountService.CreateAccount", name=f"accounts/{account}", display_name=name,
                                password=one_time)
        self.assertEqual(person.sign_in_first(one_time), ("FAILED_PRECONDITION", "PASSWORD_CHANGE_REQUIRED"))
        # The first one is good for nothing any more.
        self.assertEqual(person.refused("AccountService.SignIn", account=account, password=one_time),
                         ("UNAUTHENTICATED", "SIGN_IN_REFUSED"))
        return person

    def give(self, giver, principal, role, unit=""):
        giver.ask("RegistryService.GrantRole", grant={"principal": principal, "role": f"ROLE_{role}", "unit": unit,
                                                      "decision": "12/QĐ-SKHCN"})

    def value(self, indicator, period):
        """An indicator's value for the whole register, "20/21", or why there is none."""
        try:
            value = self.director.ask("KpiService.GetValue", indicator=f"indicators/{indicator}", period=period).value
        except grpc.RpcError as error:
            return refusal(error)[0]
        return f"{value.numerator}/{value.denominator}"

    def sees(self, indicator, period, expected):
        """kpi has heard what the others published, and counts so."""
        with contextlib.suppress(AssertionError):
            wait_for("it does", lambda: self.value(indicator, period) == expected, HEARD_SECONDS)
        self.assertEqual(self.value(indicator, period), expected)

    def test_4_year_1_people_come_in_by_passwords_of_their_own(self):
        office = self.party(Party(self.system.port, self.certificates))
        type(self).desk = self.system.certificate_of("ban-lam-viec")
        type(self).desk_system = self.party(Party(self.system.port, self.desk))
        type(self).head_of_office = self.person("an.tran")

        # As the handbook has it for the first of them, by the client.
        said = self.system.dondoc("account", "create", "an.tran", "--name", "Trần An")
        one_time = said.partition("(one-time password): ")[2].split()[0]
        own = self.head_of_office.password
        self.give(office, "account:an.tran", "OFFICE")
        self.give(office, "account:an.tran", "DIRECTOR")
        self.system.compose("run", "--rm", "--no-deps", "-T", "dondoc", "sign-in", "an.tran", "--password-fd", "0",
                            stdin=f"{one_time}\n{own}\n{own}\n".encode())
        known = self.system.ask("whoami")
        self.assertEqual(known["caller"], "account:an.tran")
        self.assertEqual([grant["role"] for grant in known["grants"]], ["ROLE_OFFICE", "ROLE_DIRECTOR"])
        self.head_of_office.sign_in()

        # And for the others by a program; the desk's certificate opens the edge and no more.
        self.assertEqual(self.desk_system.refused("RegistryService.ListTasks", parent=PLAN),
                         ("PERMISSION_DENIED", "NO_GRANT"))
        for name, account, display_name, grants in (
                ("head_of_unit", "binh.le", "Lê Bình", (("UNIT_HEAD", "units/phong-qlkh"),
                                                        ("DIRECTOR", "units/phong-qlkh"))),
                ("specialist", "em.ly", "Lý Em", (("UNIT_STAFF", "units/phong-qlkh"),)),
                ("director", "cuong.vo", "Võ Cường", (("DIRECTOR", ""),)),
                ("inspector", "dung.ho", "Hồ Dung", (("INSPECTOR", ""),))):
            setattr(type(self), name, self.make_account(account, display_name))
            for role, unit in grants:
                self.give(self.head_of_office, f"account:{account}", role, unit)
        self.give(self.head_of_office, "system:may-van-phong", "UNIT_STAFF", "units/van-phong")
        type(self).staff = self.party(Party(self.system.port, self.system.certificate_of("may-van-phong")))
        who = self.head_of_unit.ask("AccountService.WhoAmI")
        self.assertEqual(who.caller, "account:binh.le")
        self.assertEqual([(told(grant, "role"), grant.unit) for grant in who.grants],
                         [("UNIT_HEAD", "units/phong-qlkh"), ("DIRECTOR", "units/phong-qlkh")])
        for call in ("InspectionService.GetCoverage", "KpiService.ListIndicators",
                     "NotificationService.GetPlanRules"):
            for party in (self.head_of_office, self.head_of_unit, self.specialist, self.director,
                          self.inspector, self.staff):
                wait_for(f"{call} knows everybody", lambda call=call, party=party: party.refused(call)[0] not in
                         ("UNAUTHENTICATED", "PERMISSION_DENIED"), HEARD_SECONDS)

    def test_4_year_2_a_group_is_named_and_its_result_accepted_by_another(self):
        def unresolved():
            return self.director.ask("RegistryService.GetPlanSummary", name=PLAN).unresolved_task_count

        self.assertEqual(unresolved(), 31)
        self.assertEqual(self.head_of_unit.refused(
            "RegistryService.ResolveGroup", task=TASK, units=["units/phong-qlkh"]),
            ("PERMISSION_DENIED", "ROLE_MISSING"))
        assigned = self.system.ask("task", "assign", "cchc-2023/8", "--unit", "phong-qlkh", "--exclude",
                                   "thanh-tra; không có thủ tục hành chính")
        self.assertEqual([assignment["name"] for assignment in assigned["assignments"]], [WORK])
        resolution = assigned["task"]["resolution"]
        self.assertEqual((resolution["units"], resolution["exclusions"], resolution["actor"]),
                         (["units/phong-qlkh"],
                          [{"unit": "units/thanh-tra", "reason": "không có thủ tục hành chính"}], "account:an.tran"))
        self.assertEqual(unresolved(), 30)
        # The 20 that the plan names by unit, and this one: overdue since the end of 2023.
        self.sees("cchc-2023-tasks-on-time", "2023", "0/21")

        report = {"name": WORK, "percent": 60, "note": "Đang lấy ý kiến"}
        self.assertEqual(self.staff.refused("RegistryService.ReportProgress", **report),
                         ("PERMISSION_DENIED", "OUT_OF_SCOPE"))
        self.assertEqual(self.director.refused("RegistryService.ReportProgress", **report),
                         ("PERMISSION_DENIED", "ROLE_MISSING"))
        work = self.specialist.ask("RegistryService.ReportProgress", **report).assignment
        self.assertEqual((work.percent, told(work, "progress"), told(work, "timeliness")),
                         (60, "IN_PROGRESS", "OVERDUE"))

        work = self.head_of_unit.ask("RegistryService.SubmitResult", name=WORK, outcome="OUTCOME_PRODUCED",
                                     evidence=[EVIDENCE]).assignment
        self.assertEqual((told(work, "progress"), work.submission.actor), ("SUBMITTED", "account:binh.le"))
        # Who handed it in is acting director of that unit too, and so may accept what others hand in.
        self.assertEqual(self.head_of_unit.refused("RegistryService.AcceptResult", name=WORK),
                         ("PERMISSION_DENIED", "OWN_RESULT"))
        self.assertEqual(self.inspector.refused("RegistryService.AcceptResult", name=WORK),
                         ("PERMISSION_DENIED", "ROLE_MISSING"))
        work = self.director.ask("RegistryService.AcceptResult", name=WORK).assignment
        self.assertEqual((told(work, "progress"), told(work, "timeliness"), work.completed_date),
                         ("DONE", "DONE_LATE", work.submission.submitted_date))
        self.assertEqual((work.review.accepted, work.review.actor), (True, "account:cuong.vo"))
        self.assertEqual(self.director.refused("RegistryService.AcceptResult", name=WORK),
                         ("FAILED_PRECONDITION", "NOTHING_SUBMITTED"))
        task = self.director.ask("RegistryService.GetTask", name=TASK).task
        self.assertEqual((task.phases[0].done_count, task.phases[0].assignment_count, told(task, "progress")),
                         (1, 1, "DONE"))

    def test_4_year_3_one_measured_value_is_judged_by_each_of_its_targets(self):
        def figure(unit, numerator, denominator):
            return {"observations": [{
                "indicator": SATISFACTION, "unit": f"units/{unit}", "date": "2023-12-20", "numerator": numerator,
                "denominator": denominator, "source": "Phiếu khảo sát (minh hoạ)", "key": f"2023-12-20-{unit}"}]}

        def board(party, unit=""):
            answer = party.ask("KpiService.GetBoard", plan=PLAN, unit=unit)
            return {row.judgement.target.name.removeprefix(f"{SATISFACTION}/targets/"): row.judgement
                    for row in answer.rows if row.indicator.name == SATISFACTION}

        wait_for("kpi has the plan's targets", lambda: len(board(self.director)) == 2, HEARD_SECONDS)
        self.assertEqual({name: told(judgement, "verdict") for name, judgement in board(self.director).items()},
                         {"i-2-d": "NO_DATA", "t14": "NO_DATA"})
        self.assertEqual(self.staff.refused("KpiService.RecordObservations", **figure("phong-qlkh", "1", "1")),
                         ("PERMISSION_DENIED", "OUT_OF_SCOPE"))
        for party, observed in ((self.head_of_unit, figure("phong-qlkh", "400", "500")),
                                (self.staff, figure("van-phong", "455", "500"))):
            for counts in ((1, 0), (0, 1)):
                answer = party.ask("KpiService.RecordObservations", **observed)
                self.assertEqual((answer.recorded_count, answer.repeated_count), counts)

        judged = board(self.director)
        for name, target, verdict in (("i-2-d", "86", "NOT_MET"), ("t14", "85", "MET")):
            value = judged[name].value
            self.assertEqual((value.numerator, value.denominator, value.rounded, value.reporting_unit_count),
                             ("855", "1000", "85.5", 2))
            self.assertEqual((judged[name].target.value, told(judged[name], "verdict"),
                              judged[name].target.conflicting), (target, verdict, True))
        own = board(self.head_of_unit, "units/phong-qlkh")["t14"]
        self.assertEqual((own.value.numerator, own.value.denominator, told(own, "verdict")),
                         ("400", "500", "NOT_MET"))
        self.assertEqual(self.head_of_unit.refused("KpiService.GetBoard", plan=PLAN, unit="units/van-phong"),
                         ("INVALID_ARGUMENT", "UNIT_UNKNOWN"))

    def days_off(self, year, last):
        """The notice of a year's days off, which an installation has to be given (deploy/calendar); the last
        day of the year is worked, so that there is always one to come."""
        folder = self.system.new_folder("calendar")
        lines = [f"year {year}", "source Thông báo minh hoạ của bài thử (illustrative)",
                 f"holiday {year}-01-01 Tết Dương lịch"]
        if last.weekday() >= 5:
            lines.append(f"worked {last} Làm bù")
        (folder / f"{year}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.system.put_over("calendar", {"inspection": {
            "environment": {"DONDOC_CALENDAR_FOLDER": "/calendar"}, "volumes": [f"{folder}:/calendar:ro"]}})
        self.system.compose("up", "-d", "--no-deps", "--no-build", "inspection")

    def visit(self, inspection, findings):
        """An inspection from its announcement to its conclusion."""
        self.inspector.ask("InspectionService.NotifyInspection", name=inspection)
        self.inspector.ask("InspectionService.CompleteInspection", name=inspection, findings=findings)
        self.assertEqual(self.inspector.refused(
            "InspectionService.ConcludeInspection", name=inspection, document_number="21/TB-SKHCN"),
            ("PERMISSION_DENIED", "ROLE_MISSING"))
        return self.director.ask("InspectionService.ConcludeInspection", name=inspection,
                                 document_number="21/TB-SKHCN").inspection

    def coverage(self, party):
        """How far the quota is filled, as somebody is told it."""
        return party.ask("InspectionService.GetCoverage", year=self.last.year).coverage

    def covered(self):
        """Units concluded, planned, required, and all of them; whether that is enough."""
        seen = self.coverage(self.director)
        return seen.concluded_count, seen.planned_count, seen.required_count, seen.unit_count, seen.met

    def test_4_year_4_a_programme_for_a_third_of_the_units_is_approved_by_another(self):
        year = today().year
        type(self).last = last = datetime.date(year, 12, 31)
        self.days_off(year, last)
        wait_for("inspection knows every unit", lambda: self.covered() == (0, 0, 3, 9, False), HEARD_SECONDS)
        proposed = self.system.ask(
            "inspection", "propose", str(year), "--seed", "7", "--team-size", "1", "--start",
            str(min(today() + DAY, last)), "--mandatory", "phong-qlkh; nhiều việc trễ hạn",
            *(word for person in ("dung; Hồ Dung; thanh-tra", "khoa; Mai Khoa; thanh-tra", "giang; Đỗ Giang; van-phong",
                                  "hoa; Bùi Hoa; van-phong") for word in ("--inspector", person)))["programme"]
        self.system.dondoc("sign-out")
        self.assertEqual((proposed["state"], proposed["share"], proposed["proposer"]),
                         ("PROGRAMME_STATE_PROPOSED", "30", "account:an.tran"))
        chosen = {candidate["unit"] for candidate in proposed["candidates"] if candidate["selected"]}
        self.assertEqual((len(chosen), len(proposed["candidates"])), (3, 9))
        self.assertIn("units/phong-qlkh", chosen)

        approval = {"name": f"programmes/{year}", "etag": proposed["etag"], "decision": "20/QĐ-SKHCN"}
        # Trần An holds the role of a director too.
        self.assertEqual(self.head_of_office.refused("InspectionService.ApproveProgramme", **approval),
                         ("PERMISSION_DENIED", "OWN_PROPOSAL"))
        approved = self.director.ask("InspectionService.ApproveProgramme", **approval).programme
        self.assertEqual(told(approved, "state"), "APPROVED")
        type(self).planned = {inspection.unit: inspection.name for inspection in self.director.ask(
            "InspectionService.ListInspections", parent=f"programmes/{year}").inspections}
        self.assertEqual(self.planned.keys(), chosen)
        self.assertEqual(self.covered(), (0, 3, 3, 9, False))

    def test_4_year_5_what_a_visit_found_is_put_right_and_verified_by_others(self):
        visited = self.planned["units/phong-qlkh"]
        # Its unit is told when it is announced.
        self.assertEqual(self.specialist.refused("InspectionService.GetInspection", name=visited),
                         ("NOT_FOUND", "INSPECTION_NOT_FOUND"))
        concluded = self.visit(visited, [FINDING])
        self.assertEqual((told(concluded, "state"), concluded.concluded_date, len(concluded.findings)),
                         ("CONCLUDED", concluded.done_date, 1))
        self.assertEqual(concluded.findings[0].remedy_due_date, remedy_due(concluded.concluded_date, self.last))
        found = self.specialist.ask("InspectionService.GetInspection", name=visited).inspection.findings
        self.assertEqual([finding.text for finding in found], [FINDING["text"]])
        self.assertEqual(self.covered(), (1, 3, 3, 9, False))

        remedy = {"name": visited, "finding_number": 1, "document": "9/BC-QLKH"}
        self.assertEqual(self.head_of_unit.refused(
            "InspectionService.RemedyFinding", verified_by="units/phong-qlkh", **remedy),
            ("PERMISSION_DENIED", "ROLE_MISSING"))
        # A serious one is not verified by those who were inspected.
        self.assertEqual(self.inspector.refused("InspectionService.RemedyFinding", verified_by="units/phong-qlkh",
                                                **remedy)[1], "VERIFIER_NOT_INDEPENDENT")
        remedied = self.inspector.ask("InspectionService.RemedyFinding", verified_by="units/thanh-tra",
                                      **remedy).inspection
        finding = remedied.findings[0]
        self.assertEqual(
            (told(remedied, "state"), finding.remedy_document, finding.verified_by, finding.remedied_date),
            ("REMEDIED", "9/BC-QLKH", "units/thanh-tra", remedied.remedied_date))

        for unit, name in self.planned.items():
            if name != visited:
                self.assertEqual(told(self.visit(name, []), "state"), "REMEDIED", unit)
        self.assertEqual(self.covered(), (3, 3, 3, 9, True))
        seen = self.coverage(self.director)
        self.assertEqual((set(seen.inspected_units), seen.finding_count, seen.remedied_finding_count),
                         (self.planned.keys(), 1, 1))
        # To a unit the figures are the same, and the names are its own.
        own = self.coverage(self.specialist)
        self.assertEqual((own.concluded_count, own.inspected_units, own.met), (3, ["units/phong-qlkh"], True))
        self.sees("inspection-coverage", str(self.last.year), "3/9")

    def days_pass(self, morning):
        """notification was away, and is back at this moment by its clock; operators say that the day is
        right. By a library that shows it another time: no other part of the system is asked to believe it."""
        libraries = glob.glob(OTHER_TIME)
        self.assertTrue(libraries, "the package faketime is missing")
        ahead = (morning - datetime.datetime.now(VIETNAM)).total_seconds()
        self.system.put_over("days-pass", {"notification": {
            "environment": {"LD_PRELOAD": "/other-time.so", "FAKETIME": f"+{ahead:.0f}",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONDOC_CLOCK_VOUCHED_FOR": str(morning.date())},
            "volumes": [f"{libraries[0]}:/other-time.so:ro"]}})
        self.system.compose("up", "-d", "--no-deps", "--no-build", "notification")

    def test_4_year_6_a_unit_is_told_of_its_deadline_until_it_has_handed_in(self):
        due = today() + 2 * DAY
        self.head_of_office.ask("NotificationService.SetPlanRules", rules={
            "plan": PLAN, "days_before": [1], "overdue_step_days": 3, "overdue_limit_days": 90, "hour": 7,
            "check_ins": False})
        for assignment in (WAITING, SETTLED):
            self.head_of_office.ask(
                "RegistryService.MoveDeadline", phase=assignment.rpartition("/assignments/")[0],
                new_due_date=str(due), document="30/QĐ-SKHCN", reason="Chờ kế hoạch của thành phố")

        def upcoming(party):
            return {(notice.subject, notice.recipient, told(notice, "kind"), notice.days_left, notice.due_date)
                    for notice in party.ask("NotificationService.ListUpcoming").notices}

        def reminder(subject):
            return subject, "units/van-phong", "BEFORE_DUE", 1, str(due)

        wait_for("both are to be told", lambda: upcoming(self.staff) == {reminder(WAITING), reminder(SETTLED)},
                 HEARD_SECONDS)
        # Nobody else is told, and nobody of another unit reads it.
        self.assertEqual(upcoming(self.director), {reminder(WAITING), reminder(SETTLED)})
        self.assertEqual(upcoming(self.specialist), set())

        self.staff.ask("RegistryService.SubmitResult", name=SETTLED, outcome="OUTCOME_PRODUCED", evidence=[EVIDENCE])
        settled = self.director.ask("RegistryService.AcceptResult", name=SETTLED).assignment
        self.assertEqual((told(settled, "timeliness"), settled.submission.actor),
                         ("DONE_EARLY", "system:may-van-phong"))
        # What was moved is not owed in 2023 any more; what was handed in counts on that day.
        self.sees("cchc-2023-tasks-on-time", "2023", "0/19")
        self.sees("cchc-2023-tasks-on-time", settled.completed_date[:4], "1/1")
        wait_for("one is left", lambda: upcoming(self.staff) == {reminder(WAITING)}, HEARD_SECONDS)
        self.assertEqual(len(self.staff.ask("NotificationService.ListNotices").notices), 0)

        self.days_pass(datetime.datetime.combine(due + DAY, datetime.time(8), VIETNAM))

        def notices(party):
            listed = party.ask("NotificationService.ListNotices").notices
            return [(notice.subject, notice.recipient, told(notice, "kind"), notice.days_left, told(notice, "state"),
                     notice.skip_reason, notice.due_date) for notice in reversed(listed)]

        # A token of these people has ended by that clock; systems have none.
        office = self.party(Party(self.system.port, self.certificates))
        expected = [(WAITING, "units/van-phong", *step, str(due)) for step in (
            ("BEFORE_DUE", 1, "SKIPPED", "overtaken"), ("DUE", 0, "SENT", ""), ("OVERDUE", -1, "SENT", ""))]
        wait_for("what was missed is told", lambda: len(notices(self.staff)) == len(expected), HEARD_SECONDS)
        self.assertEqual(notices(self.staff), expected)
        # Of the whole register there is no other: what was accepted is told to nobody.
        self.assertEqual(notices(office), expected)
        last = self.staff.ask("NotificationService.ListNotices").notices[0]
        self.assertIn("tuyên truyền", last.text_vi)
        seen = self.staff.ask("NotificationService.AcknowledgeNotice", name=last.name).notice
        self.assertEqual(seen.acknowledged_by, "system:may-van-phong")
        self.assertEqual(office.refused("NotificationService.AcknowledgeNotice", name="notices/4"),
                         ("NOT_FOUND", "NOTICE_UNKNOWN"))


class YearTest(Year, unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System())
        cls.certificates = cls.system.certificate_folder()

    def test_1_units_and_the_plan_are_imported(self):
        added = json.loads(self.system.dondoc("unit", "import", f"{PLANS}/units.csv", "--json"))
        self.assertEqual(len(added["units"]), 14)
        imported = self.system.ask("plan", "import", f"{PLANS}/ke-hoach.txt", "--id", "cchc-2023")
        self.assertEqual((imported["plan"]["taskCount"], imported["assignmentCount"], imported["unresolvedTaskCount"]),
                         (46, 20, 31))
        self.assertEqual(self.system.tasks(), 46)


if __name__ == "__main__":
    unittest.main()
