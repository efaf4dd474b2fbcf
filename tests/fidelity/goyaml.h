// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace tiphys::fidelity {

/// A text for the goyaml oracle: see tests/oracles/goyaml/main.go for the kinds.
struct GoYamlRequest
{
    char kind = 'j';
    std::string text;
};
struct GoYamlAnswer
{
    bool ok = false;
    std::string text;
};

/// The oracle's program: $TIPHYS_ORACLE_GOYAML, else where `./dev oracles goyaml` put it; empty if it is not built.
inline std::string goYamlProgram()
{
    if (const char *named = std::getenv("TIPHYS_ORACLE_GOYAML"))
        return named;
    const std::filesystem::path list = std::filesystem::temp_directory_path() / "tiphys-goyaml-path";
    const std::string command =
        std::string("'") + TIPHYS_SOURCE_DIR + "/dev' oracles --path goyaml 2>/dev/null >'" + list.string() + "'";
    if (std::system(command.c_str()) != 0)
        return {};
    std::string directory;
    std::getline(std::ifstream(list) >> std::ws, directory);
    const std::filesystem::path program = std::filesystem::path(directory) / "goyaml";
    return std::filesystem::exists(program) ? program.string() : std::string();
}

/// The oracle's answers, one a request.
inline std::vector<GoYamlAnswer> askGoYaml(const std::string &program, const std::vector<GoYamlRequest> &requests,
                                           const std::filesystem::path &directory)
{
    const std::filesystem::path in = directory / "requests";
    const std::filesystem::path out = directory / "answers";
    {
        std::ofstream file(in, std::ios::binary);
        for (const GoYamlRequest &request : requests)
            file << request.kind << ' ' << request.text.size() << '\n' << request.text;
    }
    const std::string command = "'" + program + "' <'" + in.string() + "' >'" + out.string() + "'";
    if (std::system(command.c_str()) != 0)
        throw std::runtime_error("the goyaml oracle failed");
    std::ifstream file(out, std::ios::binary);
    std::vector<GoYamlAnswer> answers;
    char sign = 0;
    std::size_t size = 0;
    while (file.get(sign) && file >> size && file.get() == '\n') {
        GoYamlAnswer answer{sign == '+', std::string(size, '\0')};
        file.read(answer.text.data(), static_cast<std::streamsize>(size));
        answers.push_back(std::move(answer));
    }
    if (answers.size() != requests.size())
        throw std::runtime_error("the goyaml oracle left requests unanswered");
    return answers;
}

} // namespace tiphys::fidelity
