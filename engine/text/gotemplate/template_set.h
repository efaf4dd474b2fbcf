// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tiphys::text {

namespace parse {
struct Tree;
} // namespace parse

/// What a missing key of a map gives.
enum class MissingKey {
    Invalid, ///< "<no value>" when printed (Go's default)
    Zero,    ///< the zero value of the element type (what Helm sets)
    Error,   ///< the execution fails
};

struct TemplateOptions
{
    MissingKey missingKey = MissingKey::Invalid;
    std::string leftDelimiter = "{{";
    std::string rightDelimiter = "}}";
};

/// A text read as template, with the templates it defines: immutable, shared between sets, renders and threads.
/// Reading does not depend on values, only on the text, its name, the delimiters and which function names exist.
class ParsedText
{
public:
    /// Errors: Go's parse error texts, "template: NAME:LINE: MESSAGE".
    static TemplateExpected<std::shared_ptr<const ParsedText>> parse(std::string_view name, std::string_view text,
                                                                     const FunctionTable &functions,
                                                                     const TemplateOptions &options = {});

    std::string_view name() const;
    std::string_view text() const;
    /// The same text under another name, without reading it again; nullptr where the name of the text is also that of a
    /// template that it defines, or would be.
    std::shared_ptr<const ParsedText> renamed(std::string_view name) const;

    /// Trees of the text itself and of its `define`s and `block`s, by name.
    const std::vector<std::shared_ptr<const parse::Tree>> &trees() const { return m_trees; }

private:
    std::vector<std::shared_ptr<const parse::Tree>> m_trees; ///< that of the text itself is the last
    bool m_hasEqualNames = false;
};

/// Associated templates by name: Go's template.Template with all that share its name space. Copies are cheap and
/// independent (Go's Clone).
class TemplateSet
{
public:
    explicit TemplateSet(std::shared_ptr<const FunctionTable> functions, TemplateOptions options = {});

    /// Adds a text under its name, and what it defines: Go's New(name).Parse(text). A later text replaces templates of
    /// the same name unless it is empty (white space and comments).
    /// \p parsed  may come from a cache that is keyed by name, text and function names
    void add(const std::shared_ptr<const ParsedText> &parsed);
    /// The same, read now.
    TemplateExpected<void> parse(std::string_view name, std::string_view text);

    bool contains(std::string_view name) const { return find(name) != nullptr; }
    const parse::Tree *find(std::string_view name) const;
    const FunctionTable &functions() const { return *m_functions; }
    const TemplateOptions &options() const { return m_options; }

    /// Executes template \p name with \p data and gives its text. Output written before an error is lost.
    /// Errors: Go's execution error texts; an unknown name is `template: no template "x" associated with template
    /// "gotpl"` with \p rootName for "gotpl".
    TemplateExpected<std::string> execute(std::string_view name, const TemplateValue &data, Budget &budget,
                                          std::string_view rootName = "gotpl") const;

private:
    using Trees = std::unordered_map<std::string, std::shared_ptr<const parse::Tree>, NameHash, std::equal_to<>>;
    /// Templates added since the set was copied, before those it had then.
    struct Layer
    {
        Trees trees;
        std::shared_ptr<const Layer> below;
    };
    Layer &ownLayer();

    std::shared_ptr<const FunctionTable> m_functions;
    TemplateOptions m_options;
    std::shared_ptr<Layer> m_top;
};

} // namespace tiphys::text
