#include <fstream>
#include <iostream>
#include <string>

int main(int, char **argv) {
    std::ifstream input(argv[1]);
    std::ofstream message(std::string(argv[3]) + "judgemessage.txt");
    long rounds = 0;
    input >> rounds;
    for (long i = 0; i < rounds; ++i) {
        const std::string said = "line " + std::to_string(i * i);
        std::cout << said << std::endl;
        std::string heard;
        if (!std::getline(std::cin, heard) || heard != said) {
            message << "expected " << said << ", got " << heard << "\n";
            return 43;
        }
    }
    std::cout << "bye" << std::endl;
    std::string more;
    if (std::getline(std::cin, more)) {
        message << "said something after bye\n";
        return 43;
    }
    return 42;
}
