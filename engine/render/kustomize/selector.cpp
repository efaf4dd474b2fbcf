// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/selector.h"

#include <re2/re2.h>

#include <algorithm>

namespace tiphys::render::kustomize {

struct Pattern::Compiled
{
    explicit Compiled(const std::string &text, const RE2::Options &options) : expression(text, options) {}
    RE2 expression;
};

namespace {

bool isLiteral(std::string_view text)
{
    return text.find_first_of("\\.+*?()|[]{}^$") == std::string_view::npos;
}

} // namespace

std::string Selector::text() const
{
    return id.text() + ":a=" + annotationSelector + ":l=" + labelSelector;
}

Expected<Pattern> Pattern::compile(std::string_view text)
{
    Pattern pattern;
    pattern.m_text = text;
    if (isLiteral(text)) {
        pattern.m_mode = Mode::Part;
        return pattern;
    }
    RE2::Options options;
    options.set_log_errors(false);
    auto compiled = std::make_shared<const Compiled>(pattern.m_text, options);
    if (!compiled->expression.ok())
        return failure(ErrorCode::InvalidInput, "error parsing regexp: " + compiled->expression.error());
    pattern.m_mode = Mode::Compiled;
    pattern.m_compiled = std::move(compiled);
    return pattern;
}

Expected<Pattern> Pattern::compileWhole(std::string_view text)
{
    if (text.empty())
        return Pattern();
    if (!isLiteral(text))
        return compile("^(?:" + std::string(text) + ")$");
    Pattern pattern;
    pattern.m_mode = Mode::Whole;
    pattern.m_text = text;
    return pattern;
}

bool Pattern::matches(std::string_view text) const
{
    switch (m_mode) {
    case Mode::Everything: return true;
    case Mode::Whole: return text == m_text;
    case Mode::Part: return text.contains(m_text);
    case Mode::Compiled: break;
    }
    return RE2::PartialMatch({text.data(), text.size()}, m_compiled->expression);
}

Expected<SelectorPattern> SelectorPattern::compile(const Selector &selector)
{
    SelectorPattern pattern;
    const std::pair<Pattern *, const std::string *> parts[] = {
        {&pattern.m_group, &selector.id.gvk.group}, {&pattern.m_version, &selector.id.gvk.version},
        {&pattern.m_kind, &selector.id.gvk.kind},   {&pattern.m_name, &selector.id.name},
        {&pattern.m_namespace, &selector.id.ns},
    };
    for (const auto &[part, text] : parts) {
        Expected<Pattern> compiled = Pattern::compileWhole(*text);
        if (!compiled)
            return std::unexpected(compiled.error());
        *part = std::move(*compiled);
    }
    return pattern;
}

} // namespace tiphys::render::kustomize
