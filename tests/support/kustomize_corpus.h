// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/json.h"
#include "object/yaml.h"
#include "render/kustomize/kustomize.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace tiphys::test {

/// One folder of tests/data/kustomize: files, and what the real tool makes of them.
struct KustomizeCase
{
    std::string name;
    std::filesystem::path folder;
};

inline std::string textOf(const std::filesystem::path &path)
{
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

inline std::vector<KustomizeCase> kustomizeCases()
{
    std::vector<KustomizeCase> cases;
    for (const auto &entry : std::filesystem::directory_iterator(std::filesystem::path(TIPHYS_TEST_DATA) / "kustomize"))
        cases.push_back({entry.path().filename().string(), entry.path()});
    std::ranges::sort(cases, {}, &KustomizeCase::name);
    return cases;
}

/// The files of all cases, so that one may reach for another's.
inline std::shared_ptr<const render::FileTree> kustomizeTree()
{
    const std::filesystem::path root = std::filesystem::path(TIPHYS_TEST_DATA) / "kustomize";
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.is_regular_file())
            files.emplace_back(std::filesystem::relative(entry.path(), root).generic_string(), textOf(entry.path()));
    }
    return render::memoryTree(std::move(files));
}

/// The documents of a stream as one JSON list.
inline std::string documentsAsJson(const std::string &text)
{
    std::vector<object::Value> values;
    for (const std::string_view document : object::splitYamlDocuments(text)) {
        const Expected<object::Value> value = object::parseYaml(document);
        if (value && !value->isNull())
            values.push_back(*value);
    }
    return object::toJson(object::Value::list(values));
}

inline std::string objectsAsJson(const render::Rendered &rendered)
{
    std::vector<object::Value> values;
    for (const render::RenderedObject &object : rendered.objects)
        values.push_back(object.object.value());
    return object::toJson(object::Value::list(values));
}

/// The innermost sentence of an error: behind the last ": ", at most 60 bytes.
inline std::string keySentence(std::string_view error)
{
    while (error.ends_with('\n') || error.ends_with(' '))
        error.remove_suffix(1);
    const std::size_t colon = error.rfind(": ");
    return std::string(error.substr(colon == std::string_view::npos ? 0 : colon + 2).substr(0, 60));
}

} // namespace tiphys::test
