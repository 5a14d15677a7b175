#include <fstream>
#include <iostream>
#include <set>
#include <string>

int main(int, char **argv) {
    const std::set<long long> coins{1, 2, 5, 10, 20, 50};
    std::ifstream input(argv[1]);
    std::ofstream message(std::string(argv[3]) + "judgemessage.txt");
    long long wanted = 0, sum = 0, coin = 0;
    input >> wanted;
    while (std::cin >> coin) {
        if (coins.count(coin) == 0) {
            message << "there is no coin of " << coin << "\n";
            return 43;
        }
        sum += coin;
    }
    if (!std::cin.eof()) {
        message << "something is not a number\n";
        return 43;
    }
    if (sum != wanted) {
        message << "the sum is " << sum << " instead of " << wanted << "\n";
        return 43;
    }
    return 42;
}
