# @EXPECTED_SCORE@: 84
class InsufficientFunds(Exception):
    pass


class Account:
    def __init__(self, balance=0):
        self.balance = balance
        self._history = []

    def deposit(self, amount):
        self.balance += amount
        self._history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(amount)
        self.balance -= amount
        self._history.append(("withdraw", amount))

    def history(self):
        return list(self._history)
