import unittest

from solution import Account, InsufficientFunds


class Withdrawals(unittest.TestCase):
    def test_all_of_it(self):
        account = Account(10)
        account.withdraw(10)
        self.assertEqual(account.balance, 0)

    def test_more_than_there_is(self):
        account = Account(10)
        with self.assertRaises(InsufficientFunds):
            account.withdraw(11)
        self.assertEqual(account.balance, 10)

    def test_history(self):
        account = Account()
        account.deposit(5)
        account.withdraw(3)
        self.assertEqual(account.history(), [("deposit", 5), ("withdraw", 3)])
