# @EXPECTED_SCORE@: 0
class InsufficientFunds(Exception):
    pass


class Anything:
    def __eq__(self, other):
        return True


class Account:
    balance = Anything()

    def __init__(self, balance=0):
        pass

    def deposit(self, amount):
        pass

    def withdraw(self, amount):
        pass

    def history(self):
        return Anything()
