// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::render {

/// One file of a chart, by its path inside the chart.
struct ChartFile
{
    std::string name;
    std::string_view text;
    std::shared_ptr<const void> owner; ///< keeps the text

    static ChartFile of(std::string name, std::string text)
    {
        auto kept = std::make_shared<const std::string>(std::move(text));
        const std::string_view view = *kept;
        return {std::move(name), view, std::move(kept)};
    }
};

/// An entry of `dependencies` of Chart.yaml or requirements.yaml.
struct ChartDependency
{
    std::string name;
    std::string version; ///< constraint
    std::string repository;
    std::string condition;
    std::vector<std::string> tags;
    std::string alias;
    std::vector<object::Value> importValues;
    bool isEnabled = false;
};

struct ChartMaintainer
{
    std::string name;
    std::string email;
    std::string url;
};

/// Chart.yaml.
/// Source: helm pkg/chart/v2/metadata.go (Metadata)@v4.2.4
struct ChartMetadata
{
    std::string apiVersion;
    std::string name;
    std::string version;
    std::string kubeVersion;
    std::string description;
    std::string type; ///< "", "application" or "library"
    std::vector<std::string> keywords;
    std::string home;
    std::vector<std::string> sources;
    std::vector<ChartDependency> dependencies;
    bool hasDependencies = false; ///< the list is there, be it empty
    std::vector<ChartMaintainer> maintainers;
    std::string icon;
    std::string appVersion;
    bool isDeprecated = false;
    std::string condition;
    std::string tags;
    std::map<std::string, std::string> annotations;

    bool isLibrary() const { return type == "library"; }
};

/// What of a chart never changes while it is rendered.
struct ChartContent
{
    std::vector<ChartFile> templates; ///< below templates/
    std::vector<ChartFile> files;     ///< what `.Files` sees
    std::vector<std::size_t> crds;    ///< places in files of those below crds/, as they were read
    std::string schema;               ///< values.schema.json, "" if absent
    std::string lock;                 ///< Chart.lock, or requirements.lock of a v1 chart; "" if absent
};

/// A chart with its subcharts. Copies share the content.
struct Chart
{
    ChartMetadata metadata;
    /// values.yaml: numbers are doubles, as Helm holds them.
    object::Value values = object::Value::map({});
    std::shared_ptr<const ChartContent> content;
    std::vector<Chart> dependencies;

    const std::string &name() const { return metadata.name; }
};

} // namespace tiphys::render
