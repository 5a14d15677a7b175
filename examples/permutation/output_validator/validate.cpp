#include "feedback.h"

#include <iostream>
#include <vector>

int main(int argc, char **argv) {
    if (argc < 6 || std::string(argv[4]) != "gap") {
        return 1;
    }
    std::ifstream input(argv[1]), answer(argv[2]);
    const std::string feedback = argv[3];
    const long gap = std::stol(argv[5]);
    long n = 0;
    std::string expected, word;
    input >> n;
    answer >> expected;
    std::vector<long> numbers;
    while (std::cin >> word) {
        if (word == "impossible" && numbers.empty() && !(std::cin >> word)) {
            if (expected != "impossible") {
                reject(feedback, "it is possible");
            }
            return accept_code;
        }
        try {
            numbers.push_back(std::stol(word));
        } catch (...) {
            reject(feedback, "no number: " + word);
        }
    }
    if (static_cast<long>(numbers.size()) != n) {
        reject(feedback, "expected " + std::to_string(n) + " numbers, got " + std::to_string(numbers.size()));
    }
    std::vector<bool> seen(n + 1);
    for (long i = 0; i < n; ++i) {
        if (numbers[i] < 1 || numbers[i] > n || seen[numbers[i]]) {
            reject(feedback, "no permutation");
        }
        seen[numbers[i]] = true;
        if (i > 0 && std::abs(numbers[i] - numbers[i - 1]) < gap) {
            reject(feedback, "neighbours at position " + std::to_string(i));
        }
    }
    return accept_code;
}
