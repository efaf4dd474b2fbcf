// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/template_set.h"

#include "text/gotemplate/execution.h"
#include "text/gotemplate/node.h"
#include "text/gotemplate/parser.h"
#include "text/gotemplate/quote.h"

namespace tiphys::text {

TemplateExpected<std::shared_ptr<const ParsedText>> ParsedText::parse(std::string_view name, std::string_view text,
                                                                      const FunctionTable &functions,
                                                                      const TemplateOptions &options)
{
    auto store = std::make_shared<parse::NodeStore>(text);
    parse::Lexer::Options lexing{options.leftDelimiter.empty() ? std::string_view("{{") : options.leftDelimiter,
                                 options.rightDelimiter.empty() ? std::string_view("}}") : options.rightDelimiter};
    lexing.isBreakKeyword = !functions.find("break");
    lexing.isContinueKeyword = !functions.find("continue");
    parse::ParseState state(name, store, parse::Lexer(store->text(), lexing), functions);
    parse::TreeParser(state, name).parseText();
    if (state.error)
        return templateError(std::move(*state.error));
    auto parsed = std::make_shared<ParsedText>();
    for (std::unique_ptr<parse::Tree> &tree : state.trees)
        parsed->m_trees.emplace_back(std::move(tree));
    parsed->m_hasEqualNames = state.hasEqualNames;
    return parsed;
}

std::string_view ParsedText::name() const
{
    return m_trees.back()->parseName;
}

std::string_view ParsedText::text() const
{
    return m_trees.back()->store->text();
}

std::shared_ptr<const ParsedText> ParsedText::renamed(std::string_view name) const
{
    if (m_hasEqualNames)
        return nullptr;
    auto same = std::make_shared<ParsedText>();
    for (const std::shared_ptr<const parse::Tree> &tree : m_trees) {
        const bool isText = tree == m_trees.back();
        if (!isText && tree->name == name)
            return nullptr;
        auto copy = std::make_shared<parse::Tree>(*tree);
        copy->parseName = name;
        if (isText)
            copy->name = name;
        same->m_trees.push_back(std::move(copy));
    }
    return same;
}

TemplateSet::TemplateSet(std::shared_ptr<const FunctionTable> functions, TemplateOptions options)
    : m_functions(std::move(functions)), m_options(std::move(options)), m_top(std::make_shared<Layer>())
{
}

TemplateSet::Layer &TemplateSet::ownLayer()
{
    if (m_top.use_count() > 1) {
        auto layer = std::make_shared<Layer>();
        layer->below = m_top;
        m_top = std::move(layer);
    }
    return *m_top;
}

void TemplateSet::add(const std::shared_ptr<const ParsedText> &parsed)
{
    Layer &layer = ownLayer();
    for (const std::shared_ptr<const parse::Tree> &tree : parsed->trees()) {
        if (tree->isEmpty && find(tree->name))
            continue;
        layer.trees.insert_or_assign(tree->name, tree);
    }
}

TemplateExpected<void> TemplateSet::parse(std::string_view name, std::string_view text)
{
    const auto parsed = ParsedText::parse(name, text, *m_functions, m_options);
    if (!parsed)
        return std::unexpected(parsed.error());
    add(*parsed);
    return {};
}

const parse::Tree *TemplateSet::find(std::string_view name) const
{
    for (const Layer *layer = m_top.get(); layer; layer = layer->below.get()) {
        const auto found = layer->trees.find(name);
        if (found != layer->trees.end())
            return found->second.get();
    }
    return nullptr;
}

TemplateExpected<std::string> TemplateSet::execute(std::string_view name, const TemplateValue &data, Budget &budget,
                                                   std::string_view rootName) const
{
    const parse::Tree *tree = find(name);
    if (!tree)
        return templateError("template: no template " + goQuoted(name) + " associated with template "
                             + goQuoted(rootName));
    return detail::executed(*this, *tree, data, budget, rootName);
}

} // namespace tiphys::text
