// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target without libFuzzer: each file once as it is, then a number of inputs made from the files, the same ones
// each time. Usage: PROGRAM RUNS FILE... ; what ends the program is written to PROGRAM.finding.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace {

constexpr std::size_t kLargestInput = 1U << 16U;

std::string current;
std::string findingPath;

/// Keeps the input that a target died of. Not safe in a signal handler by the letter; the process is lost anyway.
void onEnd(int signal)
{
    std::ofstream(findingPath, std::ios::binary) << current;
    std::cerr << "the input is in " << findingPath << "\n";
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(std::string input)
{
    current = std::move(input);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(current.data()), current.size());
}

/// Makes inputs from others: bytes changed, taken away, repeated, and joined from two files.
class Mutator
{
public:
    explicit Mutator(const std::vector<std::string> &seeds) : seeds(seeds) {}

    std::string next()
    {
        std::string input = seeds[below(seeds.size())];
        for (std::size_t changes = 1 + below(6); changes > 0; --changes)
            change(input);
        return input.substr(0, kLargestInput);
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

    void change(std::string &input)
    {
        const std::size_t at = below(input.size() + 1);
        const std::size_t length = std::min(input.size() - at, 1 + below(32));
        switch (below(6)) {
        case 0:
            if (at < input.size())
                input[at] = static_cast<char>(below(256));
            break;
        case 1: input.erase(at, length); break;
        case 2: input.insert(at, input.substr(at, length)); break;
        case 3: input.insert(at, 1, kSigns[below(sizeof kSigns - 1)]); break;
        case 4: {
            const std::string &other = seeds[below(seeds.size())];
            const std::size_t from = below(other.size() + 1);
            input.insert(at, other.substr(from, 1 + below(128)));
            break;
        }
        default: {
            const std::string &other = seeds[below(seeds.size())];
            input.resize(at);
            input += other.substr(below(other.size() + 1));
            break;
        }
        }
    }

    // Signs that mean something in one of the languages.
    static constexpr char kSigns[] = "{}[]():,-|>&*!%'\"\\ \n\t#.$@/=<~0123456789\0\xff";

    const std::vector<std::string> &seeds;
    std::mt19937 random{1};
};

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::cerr << "usage: " << argv[0] << " RUNS FILE...\n";
        return 2;
    }
    findingPath = std::string(argv[0]) + ".finding";
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL})
        std::signal(signal, onEnd);
    std::vector<std::string> seeds;
    for (int i = 2; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        if (!file) {
            std::cerr << argv[i] << ": cannot be read\n";
            return 2;
        }
        seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        run(seeds.back());
    }
    Mutator mutator(seeds);
    const long runs = std::strtol(argv[1], nullptr, 10);
    for (long i = 0; i < runs; ++i)
        run(mutator.next());
    std::cout << seeds.size() << " files and " << runs << " changed ones: no crash\n";
    return 0;
}
