// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_block.h"

#include "object/builder.h"
#include "object/yaml_block_reader.h"
#include "object/yaml_input.h"
#include "object/yaml_words.h"

#include <cmath>

namespace tiphys::object::detail {

namespace {

/// Makes a value of what is read.
class ValueSink
{
public:
    explicit ValueSink(const YamlOptions &options) : m_options(options) {}

    void beginMap(bool) { m_builder.beginMap(); }
    bool endMap() { return !m_builder.endMap() || m_options.duplicateKeys == DuplicateKeys::LastWins; }
    void beginList(bool) { m_builder.beginList(); }
    void endList() { m_builder.endList(); }
    void key(std::string_view text, YamlStyle) { m_builder.key(text); }
    void text(std::string_view text, YamlStyle) { m_builder.string(text); }
    void absent() { m_builder.null(); }

    void plain(std::string_view text)
    {
        if (startsYamlString(text[0])) {
            m_builder.string(text);
            return;
        }
        const YamlScalar scalar = resolveYamlScalar(text);
        switch (scalar.kind) {
        case YamlScalar::Kind::Null: m_builder.null(); return;
        case YamlScalar::Kind::Bool: m_builder.boolean(scalar.boolean); return;
        case YamlScalar::Kind::Int: m_builder.integer(scalar.integer); return;
        case YamlScalar::Kind::Uint: m_builder.unsignedInteger(scalar.unsignedInteger); return;
        case YamlScalar::Kind::Double:
            m_hasBadNumber = m_hasBadNumber || !std::isfinite(scalar.number);
            if (m_options.wholeFloats == WholeFloats::Doubles)
                m_builder.number(scalar.number);
            else
                addYamlNumber(m_builder, scalar.number);
            return;
        case YamlScalar::Kind::String:
        case YamlScalar::Kind::Timestamp:
        case YamlScalar::Kind::Merge: m_builder.string(text); return;
        }
    }

    /// Nothing if there was a number that JSON cannot have.
    std::optional<Value> finish()
    {
        if (m_hasBadNumber)
            return std::nullopt;
        return m_builder.finish();
    }

private:
    const YamlOptions m_options;
    Builder m_builder;
    bool m_hasBadNumber = false;
};

} // namespace

std::optional<Value> readBlockYaml(std::string_view text, const YamlOptions &options)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (!isOrdinaryYamlText(text))
        return std::nullopt;
    ValueSink sink(options);
    return BlockReader(text, sink).read() ? sink.finish() : std::nullopt;
}

} // namespace tiphys::object::detail
