int main() { return broken; }
