class Database:
    opened = 0
    def __init__(self): Database.opened += 1; self.rows = {}
    def insert(self, k, v): self.rows[k] = v
    def get(self, k): return self.rows[k]
    def close(self): self.rows = None
# tests
import pytest
from solution import Database
@pytest.fixture(scope="session")
def session_db():
    db = Database(); yield db; db.close()
@pytest.fixture(scope="class")
def class_db():
    db = Database(); db.insert("c", 1); return db
@pytest.fixture
def row(session_db):
    session_db.insert("k", 1); return "k"
class TestA:
    def test_1(self, class_db): class_db.insert("x", 1); assert class_db.get("c") == 1
    def test_2(self, class_db): assert class_db.get("x") == 1
class TestB:
    def test_1(self, class_db):
        with pytest.raises(KeyError): class_db.get("x")
def test_row(session_db, row): assert session_db.get(row) == 1
def test_row_again(session_db): assert session_db.get("k") == 1
def test_opened(session_db): assert session_db.rows == {"k": 1}
