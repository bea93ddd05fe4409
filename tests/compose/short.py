"""The composed system as CI can afford it, in some minutes. Run by tests/compose/run --programs."""

import unittest

from attack_test import Attacked
from compose_test import Smoke
from limits_test import Limits
from year_test import Year


class ShortTest(Smoke, Year, Attacked, Limits, unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evil = cls.system.certificate_of("he-thong-xau")

    def test_5_a_service_that_was_killed_comes_back(self):
        self.kill("registry")
        self.sees_every_task()

    def test_6_others_hardly_notice_streams_that_are_reset(self):
        self.streams_that_are_reset()


if __name__ == "__main__":
    unittest.main()
