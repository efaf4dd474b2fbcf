// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_inflation.h"

#include "base/text.h"
#include "render/helm/chart_loader.h"
#include "render/helm/helm_render.h"
#include "render/helm/template_cache.h"
#include "text/sprig/functions.h"

namespace tiphys::render {

namespace {

/// The name that \p source makes of nothing.
/// Source: helm pkg/action/install.go (TemplateName)@v4.2.4
Expected<std::string> templatedName(const std::string &source, const text::SprigWorldPtr &world)
{
    constexpr std::string_view kName = "name-template";
    if (!source.contains("{{"))
        return source;
    text::TemplateSet set(std::make_shared<const text::FunctionTable>(text::sprigFunctions(world)), {});
    if (const auto parsed = set.parse(kName, source); !parsed)
        return failure(ErrorCode::InvalidInput, parsed.error().text);
    text::Budget budget{.steps = 1'000'000, .outputBytes = std::uint64_t(1) << 20};
    auto name = set.execute(kName, text::TemplateValue(), budget);
    if (!name)
        return failure(name.error().code, name.error().text);
    return std::move(*name);
}

/// The flags of `helm template` that an entry of helmCharts stands for.
Expected<HelmOptions> optionsOf(const HelmInflation &inflation, const text::SprigWorldPtr &world)
{
    const kustomize::HelmChart &chart = inflation.chart;
    HelmOptions options;
    if (!chart.nameTemplate.empty()) {
        if (!chart.releaseName.empty())
            return failure(ErrorCode::InvalidInput, "cannot set --name-template and also specify a name");
        Expected<std::string> name = templatedName(chart.nameTemplate, world);
        if (!name)
            return std::unexpected(name.error().in("nameTemplate of chart " + quoted(chart.name)));
        options.releaseName = std::move(*name);
    } else if (!chart.releaseName.empty()) {
        options.releaseName = chart.releaseName;
    }
    if (!chart.ns.empty())
        options.ns = chart.ns;
    options.kubeVersion = chart.kubeVersion;
    options.apiVersions = chart.apiVersions;
    options.includesCrds = chart.includesCrds;
    options.skipsTests = chart.skipsTests;
    options.skipsHooks = chart.skipsHooks;
    for (const std::string &text : inflation.values)
        options.valueTexts.push_back({"values of chart " + quoted(chart.name), text});
    return options;
}

} // namespace

HelmInflator chartInflator(const FileTree &files, const RenderContext &context)
{
    return [&files, &context](const HelmInflation &inflation) -> Expected<std::string> {
        const text::SprigWorldPtr world = context.world ? context.world : std::make_shared<const text::SprigWorld>();
        const Expected<HelmOptions> options = optionsOf(inflation, world);
        if (!options)
            return std::unexpected(options.error());
        const FileTree &tree = inflation.pulled ? *inflation.pulled : inflation.files ? *inflation.files : files;
        const Expected<Chart> chart = loadChart(tree, inflation.pulled ? std::string_view() : inflation.chartFolder);
        if (!chart)
            return std::unexpected(chart.error().in("chart " + quoted(inflation.chart.name)));
        const std::shared_ptr<TemplateCache> templates =
            context.templates ? context.templates : std::make_shared<TemplateCache>();
        Expected<std::string> output = chartOutput(*chart, *options, world, *templates);
        if (!output)
            return std::unexpected(output.error().in("chart " + quoted(inflation.chart.name)));
        return output;
    };
}

} // namespace tiphys::render
