#pragma once
#include <cstdlib>
#include <fstream>
#include <string>

// Exit codes of the format.
constexpr int accept_code = 42;
constexpr int reject_code = 43;

[[noreturn]] inline void reject(const std::string &directory, const std::string &message) {
    std::ofstream(directory + "judgemessage.txt") << message << "\n";
    std::exit(reject_code);
}
