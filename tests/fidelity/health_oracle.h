// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/json.h"
#include "object/object.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace tiphys::fidelity {

/// The program of oracle \p name: the environment's \p variable, else where `./dev oracles NAME` put it; empty if it is
/// not built.
inline std::string oracleProgram(const std::string &name, const char *variable)
{
    if (const char *named = std::getenv(variable))
        return named;
    const std::filesystem::path list = std::filesystem::temp_directory_path() / ("tiphys-" + name + "-path");
    const std::string command =
        std::string("'") + TIPHYS_SOURCE_DIR + "/dev' oracles --path " + name + " 2>/dev/null >'" + list.string() + "'";
    if (std::system(command.c_str()) != 0)
        return {};
    std::string directory;
    std::getline(std::ifstream(list) >> std::ws, directory);
    const std::filesystem::path program = std::filesystem::path(directory) / name;
    return std::filesystem::exists(program) ? program.string() : std::string();
}

inline std::string healthProgram()
{
    return oracleProgram("health", "TIPHYS_ORACLE_HEALTH");
}

/// The oracle's answers, one an object: null for a kind without check.
inline std::vector<object::Value> askHealth(const std::string &program, const std::vector<object::Object> &objects,
                                            const std::filesystem::path &directory)
{
    const std::filesystem::path in = directory / "objects";
    const std::filesystem::path out = directory / "answers";
    {
        std::ofstream file(in, std::ios::binary);
        for (const object::Object &object : objects)
            file << object::toJson(object.value()) << '\n';
    }
    const std::string command = "'" + program + "' <'" + in.string() + "' >'" + out.string() + "'";
    if (std::system(command.c_str()) != 0)
        throw std::runtime_error("the health oracle failed");
    std::ifstream file(out, std::ios::binary);
    std::vector<object::Value> answers;
    for (std::string line; std::getline(file, line);)
        answers.push_back(object::parseJson(line).value_or(object::Value()));
    if (answers.size() != objects.size())
        throw std::runtime_error("the health oracle left objects unanswered");
    return answers;
}

} // namespace tiphys::fidelity
