def random(): return "mine"
