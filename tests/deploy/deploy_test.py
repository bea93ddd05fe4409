"""deploy/up, deploy/down and deploy/service, as people use them.

Run by ctest, or by hand: DONDOC_BUILD=build/dev tests/deploy/deploy_test.py [Year|Programs|Mistakes]
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import unittest

from installation import Installation, PROGRAMS, SERVICES, runs

# The shortest year in which a busy machine keeps up: a killed program takes seconds to start, and each of them is
# four days of the year.
YEAR_SECONDS = 90


class DeployTest(unittest.TestCase):
    """What all cases ask."""

    def succeeds(self, outcome):
        """The script ended well and complained of nothing."""
        self.assertEqual(outcome.code, 0, outcome.out[-2_000:] + outcome.err)
        self.assertEqual(outcome.err, "")
        return outcome

    def refuses(self, outcome, *words):
        """The script ended badly and said why in one sentence that holds `words`."""
        self.assertNotEqual(outcome.code, 0, outcome.out)
        self.assertEqual(len(outcome.err.splitlines()), 1, outcome.err)
        self.assertTrue(outcome.err.startswith("✗ "), outcome.err)
        for word in words:
            self.assertIn(word, outcome.err)

    def nothing_runs(self, installation, pids=None):
        """No process of the installation is left."""
        self.assertEqual(installation.processes(), [])
        for name, pid in (pids or {}).items():
            self.assertFalse(runs(pid), name)


class Year(DeployTest):
    """A year that deploy/up has played."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.enterClassContext(Installation())
        cls.up = cls.city.run("up", "--seconds", str(YEAR_SECONDS), within=YEAR_SECONDS + 400)

    def test_1_is_played_to_its_end_without_a_refusal(self):
        out = self.succeeds(self.up).out
        # However long the start took, no day of the year is lost to it.
        self.assertRegex(out, r"Nhập lúc +27/01/2023 08:0")
        for month in range(2, 13):
            self.assertIn(f"Tháng {month:02}/2023", out)
        self.assertIn("Hợp nhất tt-thong-tin và tt-ung-dung", out)
        for service in ("notification", "kpi", "registry"):
            self.assertIn(f"Dịch vụ {service} chết giữa chừng", out)
            self.assertIn(f"Dịch vụ {service} chạy lại và làm bù", out)
        self.assertNotIn("✗ ", out[:out.index("── Kết quả")].split("Năm 2023 trong")[1])
        self.assertNotIn("bị từ chối", out)

    def test_2_ends_with_its_result_in_tables_that_fit_a_page(self):
        result = self.up.out[self.up.out.index("── Kết quả"):]
        for words in ("Theo lĩnh vực", "Theo đơn vị", "Chỉ tiêu", "kiểm tra", "Không gửi", "registry", "mô phỏng"):
            self.assertIn(words, result)
        tables = result[:result.index("Xem tiếp")]
        self.assertLessEqual(max(len(line) for line in tables.splitlines()), 120)

    def test_3_holds_the_46_tasks_of_the_plan(self):
        listed = self.succeeds(self.city.dondoc("task", "list", "--plan", "cchc-2023", "--json"))
        tasks = json.loads(listed.out)["tasks"]
        self.assertEqual([task["number"] for task in tasks], list(range(1, 47)))

    def test_4_is_not_played_again(self):
        before = self.city.pids()
        again = self.succeeds(self.city.run("up"))
        self.assertIn("── Kết quả", again.out)
        self.assertNotIn("Tháng 02/2023", again.out)
        self.assertEqual(self.city.pids(), before, "what ran was left alone")

    def test_5_is_still_there_after_a_stop(self):
        pids = self.city.pids()
        self.succeeds(self.city.run("down"))
        self.nothing_runs(self.city, pids)
        again = self.succeeds(self.city.run("up"))
        self.assertNotIn("Tháng 02/2023", again.out)
        self.assertIn("46 nhiệm vụ", again.out)

    def test_6_is_never_continued_on_the_real_clock(self):
        self.refuses(self.city.run("up", "--real-clock"), self.city.data, "simulated year")

    def test_7_is_erased_on_request_and_nothing_else_with_it(self):
        pids = self.city.pids()
        own = self.city.path("notes.txt")
        with open(own, "w", encoding="utf-8") as file:
            file.write("not Dondoc's")
        self.succeeds(self.city.run("down", "--erase"))
        self.nothing_runs(self.city, pids)
        self.assertEqual(os.listdir(self.city.data), ["notes.txt"])
        os.remove(own)
        self.succeeds(self.city.run("down", "--erase"))
        self.assertEqual(os.listdir(self.city.root), [])


class Programs(DeployTest):
    """The programs of an installation for real use, one by one."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.enterClassContext(Installation())
        cls.up = cls.city.run("up", "--real-clock")

    def setUp(self):
        for name in PROGRAMS:
            self.succeeds(self.city.run("service", "start", name))

    def status(self, name):
        """What deploy/service says of a program, and its exit code."""
        return self.city.run("service", "status", name)

    def is_running(self, name, pid):
        """The program runs as `pid`, by deploy/service and by the kernel."""
        outcome = self.succeeds(self.status(name))
        self.assertIn(f"pid {pid}, port {self.city.port(name)}", outcome.out)
        self.assertTrue(runs(pid))

    def test_start_empty_on_the_real_clock(self):
        self.assertIn("real clock", self.succeeds(self.up).out)
        units = self.succeeds(self.city.dondoc("unit", "list", "--json"))
        self.assertEqual(json.loads(units.out)["units"], [])

    def test_are_never_given_a_simulated_year(self):
        self.refuses(self.city.run("up", "--seconds", "10"), "data of the real clock")

    def test_come_back_after_a_kill(self):
        for name in PROGRAMS:
            with self.subTest(name):
                killed = self.city.pid(name)
                self.succeeds(self.city.run("service", "kill", name))
                self.assertFalse(runs(killed))
                stopped = self.status(name)
                self.assertEqual(stopped.code, 3)
                self.assertIn("stopped", stopped.out)
                self.succeeds(self.city.run("service", "start", name))
                self.is_running(name, self.city.pid(name))
        self.succeeds(self.city.dondoc("status"))

    def test_are_left_alone_when_they_are_started_twice(self):
        for name in PROGRAMS:
            pid = self.city.pid(name)
            self.assertIn("is running", self.succeeds(self.city.run("service", "start", name)).out)
            self.is_running(name, pid)

    def test_are_stopped_once_and_then_there_is_nothing_to_stop(self):
        for name in PROGRAMS:
            pid = self.city.pid(name)
            for verb in ("stop", "stop", "kill"):
                self.succeeds(self.city.run("service", verb, name))
                self.assertFalse(runs(pid), name)

    def test_that_were_killed_by_somebody_else_start_again(self):
        pid = self.city.pid("registry")
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while runs(pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(self.status("registry").code, 3)
        self.succeeds(self.city.run("service", "start", "registry"))
        self.is_running("registry", self.city.pid("registry"))

    def test_are_not_confused_with_who_has_their_number_now(self):
        self.succeeds(self.city.run("service", "stop", "kpi"))
        # Somebody whose command line even says the program's name.
        with subprocess.Popen(["sh", "-c", "read wait", "dondoc-kpi"],
                              stdin=subprocess.PIPE) as somebody:
            for content in (f"{somebody.pid} 1\n", f"{somebody.pid}\n", "", "x y\n", "999999999 5\n"):
                with open(self.city.path("run", "kpi.pid"), "w", encoding="utf-8") as file:
                    file.write(content)
                self.assertEqual(self.status("kpi").code, 3, content)
                self.succeeds(self.city.run("service", "stop", "kpi"))
                self.assertTrue(runs(somebody.pid), content)
            somebody.stdin.close()
        self.succeeds(self.city.run("service", "start", "kpi"))
        self.is_running("kpi", self.city.pid("kpi"))

    def test_whose_port_is_taken_say_so(self):
        self.succeeds(self.city.run("service", "stop", "inspection"))
        for port in (self.city.port("inspection"), self.city.port("inspection") + 20):
            with socket.create_server(("127.0.0.1", port)):
                self.refuses(self.city.run("service", "start", "inspection"), str(port), "taken")
            self.assertEqual(self.status("inspection").code, 3)


class Mistakes(DeployTest):
    """What people get wrong before anything runs."""

    def setUp(self):
        self.city = self.enterContext(Installation())

    def test_options_that_do_not_exist_are_refused(self):
        for script, *arguments in (
                ("up", "--fast"), ("up", "2023"), ("up", "--seconds"), ("up", "--seconds", "9"),
                ("up", "--seconds", "3601"), ("up", "--seconds", "-60"), ("up", "--seconds", "060"),
                ("up", "--seconds", "ten"), ("up", "--seconds", "9" * 40), ("down", "--all"),
                ("service",), ("service", "start"), ("service", "restart", "kpi"),
                ("service", "start", "gateway"), ("service", "status", "data"),
                ("service", "stop", "nats", "redis")):
            with self.subTest(script=script, arguments=arguments):
                self.refuses(self.city.run(script, *arguments))
        self.assertEqual(os.listdir(self.city.root), [], "nothing was begun")
        self.nothing_runs(self.city)

    def test_settings_that_cannot_be_are_refused(self):
        for ports in ("http", "80", "65501", "07400", "7400x"):
            for script in ("up", "down", "service"):
                self.refuses(self.city.run(script, DONDOC_PORTS=ports), "DONDOC_PORTS", ports)
        empty = os.path.join(self.city.root, "empty")
        self.refuses(self.city.run("up", DONDOC_BUILD=empty), empty, "no programs")
        self.refuses(self.city.run("service", "start", "kpi", DONDOC_BUILD=empty), "deploy/up first")
        self.nothing_runs(self.city)

    def test_an_erasure_of_nothing_harms_nothing(self):
        own = os.path.join(self.city.data, "notes.txt")
        os.mkdir(self.city.data)
        with open(own, "w", encoding="utf-8") as file:
            file.write("not Dondoc's")
        self.succeeds(self.city.run("down", "--erase"))
        self.assertTrue(os.path.exists(own))

    def test_a_taken_port_is_named_and_nothing_is_left_running(self):
        for name in PROGRAMS:
            with socket.create_server(("127.0.0.1", self.city.port(name))):
                self.refuses(self.city.run("up"), str(self.city.port(name)), f"port of {name}")
            self.nothing_runs(self.city)
            self.assertFalse(os.path.exists(self.city.path("clock")), "the next run begins anew")

    def test_a_program_that_does_not_start_takes_the_others_down_with_it(self):
        os.mkdir(self.city.data)
        with open(self.city.path("inspection.conf"), "w", encoding="utf-8") as file:
            file.write("colour = blue\n")
        failed = self.city.run("up")
        self.assertNotEqual(failed.code, 0)
        self.assertIn("colour", failed.err)
        self.assertIn("nothing was left running", failed.err)
        self.nothing_runs(self.city)
        os.remove(self.city.path("inspection.conf"))
        self.succeeds(self.city.run("up", "--real-clock"))
        self.assertEqual(sorted(self.city.pids()), sorted(PROGRAMS))
        for name in SERVICES:
            self.assertEqual(self.city.run("service", "status", name).code, 0)

    def test_a_year_that_was_cut_short_is_not_taken_for_a_whole_one(self):
        os.mkdir(self.city.data)
        with open(self.city.path("clock"), "w", encoding="utf-8") as file:
            file.write("simulated:1:1:1:1")
        self.refuses(self.city.run("up"), "deploy/down --erase")
        self.nothing_runs(self.city)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
