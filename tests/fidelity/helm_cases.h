// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/text.h"
#include "object/json.h"
#include "object/yaml.h"
#include "render/directory.h"
#include "render/helm/helm_render.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The cases of tests/data/helm: a folder each with a chart, flags.txt (a flag of `helm template` a line) and what
/// Helm made of it: expected.json (the objects in order) or error.txt (the sentence that tells what is wrong).
namespace tiphys::fidelity {

struct HelmCase
{
    std::string name;
    std::filesystem::path folder;
    std::vector<std::pair<std::string, std::string>> flags; ///< name and value, "" if it has none
};

inline std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::pair<std::string, std::string>> flagsIn(const std::filesystem::path &path)
{
    std::vector<std::pair<std::string, std::string>> flags;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        const auto space = line.find(' ');
        flags.emplace_back(line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1));
    }
    return flags;
}

inline std::vector<HelmCase> helmCases()
{
    std::vector<HelmCase> cases;
    for (const auto &entry : std::filesystem::directory_iterator(TIPHYS_TEST_DATA "/helm"))
        cases.push_back({entry.path().filename().string(), entry.path(), flagsIn(entry.path() / "flags.txt")});
    std::ranges::sort(cases, {}, &HelmCase::name);
    return cases;
}

inline std::shared_ptr<const render::FileTree> treeOf(const std::filesystem::path &folder)
{
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            files.emplace_back(entry.path().lexically_relative(folder).generic_string(), contentOf(entry.path()));
    }
    return render::memoryTree(std::move(files));
}

inline render::HelmOptions optionsOf(const HelmCase &helmCase)
{
    using render::SetKind;
    const std::vector<std::pair<std::string, SetKind>> kinds{{"--set", SetKind::Typed},
                                                             {"--set-string", SetKind::String},
                                                             {"--set-json", SetKind::Json},
                                                             {"--set-file", SetKind::File},
                                                             {"--set-literal", SetKind::Literal}};
    render::HelmOptions options;
    options.readSetFile = [folder = helmCase.folder](const std::string &path) -> Expected<std::string> {
        return contentOf(folder / path);
    };
    for (const auto &[name, value] : helmCase.flags) {
        if (const auto kind = std::ranges::find(kinds, name, &std::pair<std::string, SetKind>::first);
            kind != kinds.end())
            options.setFlags.push_back({kind->second, value});
        else if (name == "--values")
            options.valueTexts.push_back({value, contentOf(helmCase.folder / value)});
        else if (name == "--name-template")
            options.releaseName = value;
        else if (name == "--namespace")
            options.ns = value;
        else if (name == "--kube-version")
            options.kubeVersion = value;
        else if (name == "--api-versions")
            options.apiVersions.push_back(value);
        else if (name == "--skip-crds")
            options.includesCrds = false;
        else if (name == "--skip-tests")
            options.skipsTests = true;
        else if (name == "--skip-schema-validation")
            options.skipsSchemaValidation = true;
    }
    return options;
}

/// The objects of \p helmCase as this program renders them, as one list.
inline Expected<object::Value> renderedByUs(const HelmCase &helmCase)
{
    const auto files = treeOf(helmCase.folder / "chart");
    render::TemplateCache cache;
    const auto rendered =
        render::renderChartFolder(*files, "", optionsOf(helmCase), std::make_shared<const text::SprigWorld>(), cache);
    if (!rendered)
        return std::unexpected(rendered.error());
    std::vector<object::Value> objects;
    for (const render::RenderedObject &object : rendered->objects)
        objects.push_back(object.object.value());
    return object::Value::list(objects);
}

/// The objects in what `helm template` printed, as one list.
inline Expected<object::Value> objectsIn(std::string_view printed)
{
    std::vector<object::Value> objects;
    for (const std::string_view document : object::splitYamlDocuments(printed)) {
        const Expected<object::Value> value = object::parseYaml(document);
        if (!value)
            return std::unexpected(value.error());
        if (value->isEmpty())
            continue;
        const auto flat = render::withoutLists({object::Object(*value)});
        if (!flat)
            return std::unexpected(flat.error());
        for (const object::Object &object : *flat)
            objects.push_back(object.value());
    }
    return object::Value::list(objects);
}

} // namespace tiphys::fidelity
