// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/for_each.h"
#include "text/gotemplate/template_set.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace tiphys::render {

/// The functions of charts over the state of one rendering; known to the template engine alone.
struct ChartFunctions;

/// Texts read as templates, kept between renders: reading one costs more than executing it. One thread at a time.
class TemplateCache
{
public:
    /// Bytes of text that are kept at most; beyond, everything is forgotten.
    explicit TemplateCache(std::size_t limitBytes = std::size_t(64) << 20) : m_limit(limitBytes) {}

    /// \p source read under \p name. Errors: as ParsedText::parse.
    text::TemplateExpected<std::shared_ptr<const text::ParsedText>> parsed(std::string_view name,
                                                                           std::string_view source,
                                                                           const text::FunctionTable &functions,
                                                                           const text::TemplateOptions &options);

    /// A text and the name under which it is to be read.
    struct Text
    {
        std::string_view name;
        std::string_view source;
    };
    /// Reads those of \p texts that are not known by \p forEach, where they are many; parsed() then finds them, and tells
    /// what is wrong with the others.
    void readAhead(std::span<const Text> texts, const text::FunctionTable &functions,
                   const text::TemplateOptions &options, const ForEach &forEach);

    /// Where the template engine keeps its functions between renders: making them costs more than a small chart.
    std::shared_ptr<ChartFunctions> &functions() { return m_functions; }

private:
    std::shared_ptr<ChartFunctions> m_functions;
    std::size_t m_limit;
    std::size_t m_bytes = 0;
    using ParsedPtr = std::shared_ptr<const text::ParsedText>;
    /// Name and source, of which the one that was read keeps the texts. `tpl` gives all of its sources one name, and
    /// charts that carry the same library give one source many.
    using Key = std::pair<std::string_view, std::string_view>;
    /// Of the size and three parts of a source: all of its bytes are compared anyway where they are the same.
    struct Hash
    {
        std::size_t operator()(std::string_view source) const;
        std::size_t operator()(const Key &key) const { return text::NameHash()(key.first) * 31 + (*this)(key.second); }
    };
    void keep(const ParsedPtr &parsed, std::size_t bytes);

    std::unordered_map<Key, ParsedPtr, Hash> m_entries;
    std::unordered_map<std::string_view, ParsedPtr, Hash> m_bySource; ///< under any name
};

} // namespace tiphys::render
