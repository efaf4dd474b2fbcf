// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/template_engine.h"

#include "render/helm/chart_objects.h"
#include "render/helm/template_errors.h"
#include "render/helm/value_table.h"
#include "text/gotemplate/quote.h"
#include "text/sprig/functions.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <unordered_map>
#include <utility>

namespace tiphys::render {

using text::Arguments;
using text::CallContext;
using text::CallResult;
using text::FunctionTable;
using text::TemplateError;
using text::TemplateExpected;
using text::TemplateSet;
using text::TemplateValue;
namespace types = text::types;

namespace {

constexpr int kDeepestInclude = 1000;
constexpr std::string_view kRootName = "gotpl";
constexpr std::string_view kNoValue = "<no value>";

const text::TemplateOptions &templateOptions()
{
    static const text::TemplateOptions options{.missingKey = text::MissingKey::Zero};
    return options;
}

std::string withoutNoValue(std::string text)
{
    for (auto at = text.find(kNoValue); at != std::string::npos; at = text.find(kNoValue, at))
        text.erase(at, kNoValue.size());
    return text;
}

TemplateValue withoutNoValue(const TemplateValue &text)
{
    return text.text().contains(kNoValue) ? TemplateValue::string(withoutNoValue(std::string(text.text()))) : text;
}

/// What the functions of one render share.
struct RenderState
{
    /// How often each template is being included now.
    std::unordered_map<std::string, int, text::NameHash, std::equal_to<>> includes;
    TemplateCache *cache = nullptr;
    ChartLookup lookup;
};

CallResult include(RenderState &state, Arguments args, CallContext &context)
{
    const std::string_view name = args[0].text();
    auto found = state.includes.find(name);
    if (found == state.includes.end())
        found = state.includes.emplace(name, 0).first;
    int &depth = found->second;
    if (depth > kDeepestInclude)
        return text::templateError("rendering template has a nested reference name: " + std::string(name)
                                   + ": unable to execute template");
    ++depth;
    CallResult result = context.execute(name, args[1]);
    --depth;
    return result;
}

CallResult tpl(RenderState &state, Arguments args, CallContext &context)
{
    const std::string_view source = args[0].text();
    // Plain text is its own result, whatever templates there are.
    if (!source.contains("{{"))
        return withoutNoValue(args[0]);
    TemplateSet set = context.templates();
    const auto parsed = state.cache->parsed(kRootName, source, set.functions(), templateOptions());
    if (!parsed)
        return std::unexpected(
            TemplateError::wrapping("cannot parse template " + text::goQuoted(source) + ": ", parsed.error()));
    set.add(*parsed);
    const CallResult result = context.execute(set, kRootName, args[1]);
    if (!result)
        return std::unexpected(TemplateError::wrapping(
            "error during tpl function execution for " + text::goQuoted(source) + ": ", result.error()));
    return withoutNoValue(*result);
}

CallResult required(Arguments args, CallContext &)
{
    const bool isMissing = args[1].isNil() || (args[1].is(types::kString) && args[1].text().empty());
    if (isMissing)
        return std::unexpected(standaloneError(args[0].text()));
    return args[1];
}

CallResult lookedUp(const RenderState &state, Arguments args)
{
    if (!state.lookup)
        return TemplateValue::map();
    const auto text = [&](std::size_t i) { return std::string(args[i].text()); };
    const Expected<object::Value> found = state.lookup(text(0), text(1), text(2), text(3));
    if (!found)
        return std::unexpected(TemplateError(found.error()));
    return found->isMap() ? text::templateValueOf(*found, text::Numbers::Exact) : TemplateValue::map();
}

/// The functions over \p shared, which outlives every execution.
std::shared_ptr<const FunctionTable> functionsOf(RenderState *shared, const text::SprigWorldPtr &world)
{
    auto table = std::make_shared<FunctionTable>(text::helmFunctions(world));
    table->add("include", {&types::kString, &types::kAny},
               [shared](Arguments args, CallContext &context) { return include(*shared, args, context); });
    table->add("tpl", {&types::kString, &types::kAny},
               [shared](Arguments args, CallContext &context) { return tpl(*shared, args, context); });
    table->add("required", {&types::kString, &types::kAny}, required);
    table->add("fail", {&types::kString}, [](Arguments args, CallContext &) -> CallResult {
        return std::unexpected(standaloneError(args[0].text()));
    });
    table->add("lookup", {&types::kString, &types::kString, &types::kString, &types::kString},
               [shared](Arguments args, CallContext &) { return lookedUp(*shared, args); });
    return table;
}

/// One file to read, and what it is executed with.
struct Renderable
{
    const ChartFile *file = nullptr;
    TemplateValue context;
    std::string basePath;
};
/// A full path; in the order of reading and executing: deep ones first, later names first.
struct RenderPath
{
    explicit RenderPath(std::string path) : text(std::move(path)), depth(std::ranges::count(text, '/')) {}

    std::string text;
    std::ptrdiff_t depth;

    bool operator<(const RenderPath &other) const
    {
        return depth != other.depth ? depth > other.depth : text > other.text;
    }
};
using Renderables = std::map<RenderPath, Renderable>;

std::string_view baseName(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

/// Collects the templates of \p chart and its subcharts; gives the context of the chart.
TemplateValue collect(const Chart &chart, const std::string &path, const TemplateValue &parent, bool isRoot,
                      Renderables &renderables)
{
    const TemplateValue context = TemplateValue::map(kHelmValues);
    TemplateValue values;
    if (isRoot) {
        values = *parent.find("Values");
    } else {
        const TemplateValue *own = parent.find("Values")->find(chart.name());
        values = own && own->isMap() && !own->isNilOfItsType() ? own->as(kHelmValues) : TemplateValue::map(kHelmValues);
    }
    const TemplateValue subcharts = TemplateValue::map();
    context.set("Chart", chartObject(chart.metadata, isRoot));
    context.set("Files", filesObject(chart.content->files));
    context.set("Release", *parent.find("Release"));
    context.set("Capabilities", *parent.find("Capabilities"));
    context.set("Values", values);
    context.set("Subcharts", subcharts);
    for (const Chart &subchart : chart.dependencies)
        subcharts.set(
            subchart.name(),
            collect(subchart, path + "/charts/" + subchart.name(), context, false, renderables).as(types::kAnyMap));
    for (const ChartFile &file : chart.content->templates) {
        if (chart.metadata.isLibrary() && !baseName(file.name).starts_with('_'))
            continue;
        renderables.insert_or_assign(RenderPath(path + "/" + file.name),
                                     Renderable{&file, context, path + "/templates"});
    }
    return context;
}

TemplateValue topOf(const TemplateInput &input)
{
    const TemplateValue release = TemplateValue::map();
    release.set("Name", TemplateValue::string(input.release.name));
    release.set("Namespace", TemplateValue::string(input.release.ns));
    release.set("IsUpgrade", TemplateValue::boolean(false));
    release.set("IsInstall", TemplateValue::boolean(true));
    release.set("Revision", TemplateValue::integer(1));
    release.set("Service", TemplateValue::string("Helm"));
    const TemplateValue top = TemplateValue::map();
    top.set("Release", release);
    top.set("Capabilities", capabilitiesObject(input.kubeVersion, input.apiVersions));
    top.set("Values", templateValueOf(*input.values).as(kHelmValues));
    return top;
}

/// Frees values that hold themselves, however a render ends.
class Release
{
public:
    explicit Release(const TemplateValue &root) : m_root(root) {}
    Release(const Release &) = delete;
    Release &operator=(const Release &) = delete;
    ~Release() { text::releaseTree(m_root); }

private:
    const TemplateValue &m_root;
};

} // namespace

struct ChartFunctions
{
    explicit ChartFunctions(text::SprigWorldPtr made) : world(std::move(made)), table(functionsOf(&state, world)) {}

    text::SprigWorldPtr world;
    RenderState state;
    std::shared_ptr<const FunctionTable> table;
};

namespace {

/// The functions that a cache keeps, taken out of it for one render: another one inside of it makes its own.
class BorrowedFunctions
{
public:
    BorrowedFunctions(TemplateCache &cache, const TemplateInput &input)
        : m_cache(cache), m_functions(std::exchange(cache.functions(), nullptr))
    {
        if (!m_functions || m_functions->world != input.world)
            m_functions = std::make_shared<ChartFunctions>(input.world);
        m_functions->state = {.includes = {}, .cache = &cache, .lookup = input.lookup};
    }
    ~BorrowedFunctions()
    {
        m_functions->state = {};
        m_cache.functions() = std::move(m_functions);
    }
    BorrowedFunctions(const BorrowedFunctions &) = delete;
    BorrowedFunctions &operator=(const BorrowedFunctions &) = delete;

    const std::shared_ptr<const FunctionTable> &table() const { return m_functions->table; }

private:
    TemplateCache &m_cache;
    std::shared_ptr<ChartFunctions> m_functions;
};

} // namespace

Expected<std::map<std::string, std::string>> renderedTemplates(const Chart &chart, const TemplateInput &input,
                                                               TemplateCache &cache)
{
    const BorrowedFunctions functions(cache, input);
    TemplateSet set(functions.table(), templateOptions());
    const TemplateValue top = topOf(input);
    Renderables renderables;
    const TemplateValue root = collect(chart, chart.name(), top, true, renderables);
    const Release release(root);
    std::vector<TemplateCache::Text> texts;
    for (const auto &[renderPath, renderable] : renderables)
        texts.push_back({renderPath.text, renderable.file->text});
    cache.readAhead(texts, set.functions(), templateOptions(), input.forEach);
    for (const auto &[renderPath, renderable] : renderables) {
        const std::string &path = renderPath.text;
        const auto parsed = cache.parsed(path, renderable.file->text, set.functions(), templateOptions());
        if (!parsed)
            return std::unexpected(parseErrorOf(path, parsed.error()));
        set.add(*parsed);
    }
    std::map<std::string, std::string> rendered;
    text::Budget budget;
    for (const auto &[renderPath, renderable] : renderables) {
        const std::string &path = renderPath.text;
        if (baseName(path).starts_with('_'))
            continue;
        const TemplateValue place = TemplateValue::map(kHelmValues);
        place.set("Name", TemplateValue::string(path));
        place.set("BasePath", TemplateValue::string(renderable.basePath));
        renderable.context.set("Template", place);
        TemplateExpected<std::string> result = set.execute(path, renderable.context, budget, kRootName);
        if (!result)
            return std::unexpected(executionErrorOf(path, result.error()));
        rendered.emplace(path, withoutNoValue(std::move(*result)));
    }
    return rendered;
}

} // namespace tiphys::render
