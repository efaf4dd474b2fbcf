// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace tiphys::fidelity {

/// The texts of tests/data/yaml/seeds, in the order of their names, for a YamlMutator.
inline std::vector<std::string> yamlSeeds()
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(std::string(TIPHYS_TEST_DATA) + "/yaml/seeds"))
        files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<std::string> texts;
    for (const std::filesystem::path &path : files) {
        std::ifstream file(path, std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return texts;
}

} // namespace tiphys::fidelity
