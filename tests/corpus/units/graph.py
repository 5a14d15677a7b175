from collections import deque
class Graph:
    def __init__(self): self.edges = {}
    def add_edge(self, a, b, w=1):
        self.edges.setdefault(a, {})[b] = w
        self.edges.setdefault(b, {})
        return self
    def bfs(self, start):
        seen, queue = [start], deque([start])
        while queue:
            for n in self.edges[queue.popleft()]:
                if n not in seen: seen.append(n); queue.append(n)
        return seen
    def __contains__(self, node): return node in self.edges
    def neighbours(self, node): return set(self.edges[node])
# tests
import pytest
from solution import Graph
@pytest.fixture
def graph():
    return Graph().add_edge("a", "b").add_edge("a", "c").add_edge("c", "d", w=5)
def test_bfs(graph): assert graph.bfs("a") == ["a", "b", "c", "d"]
def test_contains(graph): assert "a" in graph and "z" not in graph
def test_neighbours(graph): assert graph.neighbours("a") == {"b", "c"}
def test_unknown(graph):
    with pytest.raises(KeyError): graph.bfs("z")
def test_edges_are_data(graph): assert graph.edges["c"] == {"d": 5}
def test_edges_can_be_copied_and_not_changed(graph):
    graph.edges["x"] = {}
    assert "a" in graph
