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

/// The oracle's program: $TIPHYS_ORACLE_HEALTH, else where `./dev oracles health` put it; empty if it is not built.
inline std::string healthProgram()
{
    if (const char *named = std::getenv("TIPHYS_ORACLE_HEALTH"))
        return named;
    const std::filesystem::path list = std::filesystem::temp_directory_path() / "tiphys-health-path";
    const std::string command = std::string("'") + TIPHYS_SOURCE_DIR + "/dev' oracles --path health 2>/dev/null >'"
                                + list.string() + "'";
    if (std::system(command.c_str()) != 0)
        return {};
    std::string directory;
    std::getline(std::ifstream(list) >> std::ws, directory);
    const std::filesystem::path program = std::filesystem::path(directory) / "health";
    return std::filesystem::exists(program) ? program.string() : std::string();
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
