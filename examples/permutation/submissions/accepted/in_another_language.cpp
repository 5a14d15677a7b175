#include <iostream>

// Odd numbers, then even ones.
int main() {
    int n;
    std::cin >> n;
    if (n == 2 || n == 3) {
        std::cout << "impossible\n";
    } else if (n == 4) {
        std::cout << "2 4 1 3\n";
    } else {
        for (int first : {1, 2})
            for (int i = first; i <= n; i += 2) std::cout << i << ' ';
        std::cout << '\n';
    }
}
