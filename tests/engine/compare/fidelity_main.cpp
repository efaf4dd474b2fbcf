// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the real libraries what this program computed and counts the answers that differ.
// TIPHYS_ORACLE_DIFF or a program oracle-diff on the PATH answers; without one the test is skipped (77).
// usage: [--cases N] [--seed N] [--record FILE]: FILE gets request and real answer, one a line, in turn.
#include "engine/compare/answers.h"
#include "engine/compare/case_maker.h"
#include "object/json.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

using namespace tiphys;

namespace {

std::string oracle()
{
    if (const char *named = std::getenv("TIPHYS_ORACLE_DIFF"))
        return named;
    const char *path = std::getenv("PATH");
    std::string rest = path ? path : "";
    while (!rest.empty()) {
        const auto colon = rest.find(':');
        const std::filesystem::path candidate = std::filesystem::path(rest.substr(0, colon)) / "oracle-diff";
        if (std::filesystem::exists(candidate))
            return candidate.string();
        rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
    }
    return {};
}

std::vector<std::string> answersOf(const std::string &program, const std::vector<object::Value> &requests)
{
    const std::filesystem::path folder = std::filesystem::path(TIPHYS_BINARY_DIR) / "fidelity";
    std::filesystem::create_directories(folder);
    const std::string questions = (folder / "diff-requests.jsonl").string();
    const std::string answers = (folder / "diff-answers.jsonl").string();
    std::ofstream out(questions);
    for (const object::Value &request : requests)
        out << object::toJson(request) << '\n';
    out.close();
    if (std::system(("'" + program + "' < '" + questions + "' > '" + answers + "' 2>/dev/null").c_str()) != 0)
        return {};
    std::vector<std::string> lines;
    std::ifstream in(answers);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

} // namespace

int main(int argc, char **argv)
{
    std::size_t cases = 3000;
    std::uint64_t seed = 1;
    std::string record;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::string(argv[i]) == "--cases")
            cases = std::stoul(argv[i + 1]);
        else if (std::string(argv[i]) == "--seed")
            seed = std::stoull(argv[i + 1]);
        else if (std::string(argv[i]) == "--record")
            record = argv[i + 1];
    }
    const std::string program = oracle();
    if (program.empty()) {
        std::cout << "skipped: no oracle-diff (run ./dev oracles diff)\n";
        return 77;
    }
    compare::CaseMaker maker(seed);
    std::vector<object::Value> requests;
    for (std::size_t i = 0; i < cases; ++i)
        requests.push_back(maker.next());
    const std::vector<std::string> theirs = answersOf(program, requests);
    if (theirs.size() != requests.size()) {
        std::cout << "the oracle gave " << theirs.size() << " answers to " << requests.size() << " requests\n";
        return 1;
    }
    std::ofstream golden(record.empty() ? "/dev/null" : record);
    std::size_t differing = 0;
    std::size_t failing = 0;
    for (std::size_t i = 0; i < cases; ++i) {
        golden << object::toJson(requests[i]) << '\n' << theirs[i] << '\n';
        const object::Value answer = object::parseJson(theirs[i]).value();
        failing += answer.contains("error") ? 1 : 0;
        const std::string why = compare::disagreement(requests[i], compare::answerTo(requests[i]), answer);
        if (!why.empty() && ++differing <= 8)
            std::cout << "case " << i << ": " << why << "\n\n";
    }
    std::cout << cases << " cases, " << failing << " errors, " << differing << " differ\n";
    return differing == 0 ? 0 : 1;
}
