// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/yaml_scanner.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::object::detail {

struct YamlEvent
{
    enum class Kind : std::uint8_t {
        DocumentStart,
        DocumentEnd,
        StreamEnd,
        Alias,
        Scalar,
        SequenceStart,
        SequenceEnd,
        MappingStart,
        MappingEnd,
    };
    Kind kind = Kind::StreamEnd;
    bool isImplicit = false; ///< Scalar: its type follows from its text
    YamlMark start;
    std::string_view anchor; ///< the anchor's name; Alias: the name it refers to
    bool hasAnchor = false;
    std::string_view tag;  ///< the whole tag, empty if there is none
    std::string_view text; ///< Scalar
    YamlStyle style = YamlStyle::Plain;
};

/// Events of a YAML 1.1 text.
/// Source: go.yaml.in/yaml/v2 parserc.go@v2.4.2
class YamlParser
{
public:
    YamlParser(const YamlInput &input, Chunk &storage) : m_scanner(input, storage), m_storage(storage) {}

    /// From now on puts where comments begin into \p offsets: see YamlScanner.
    void noteComments(std::vector<std::size_t> &offsets) { m_scanner.noteComments(offsets); }

    /// The next event; false after a problem.
    bool next(YamlEvent &event);
    const std::optional<YamlProblem> &problem() const { return m_problem ? m_problem : m_scanner.problem(); }

private:
    enum class State : std::uint8_t {
        StreamStart,
        ImplicitDocumentStart,
        DocumentStart,
        DocumentContent,
        DocumentEnd,
        BlockNode,
        BlockSequenceFirst,
        BlockSequence,
        IndentlessSequence,
        BlockMappingFirst,
        BlockMappingKey,
        BlockMappingValue,
        FlowSequenceFirst,
        FlowSequence,
        FlowPairKey,
        FlowPairValue,
        FlowPairEnd,
        FlowMappingFirst,
        FlowMappingKey,
        FlowMappingValue,
        FlowMappingEmptyValue,
        End,
    };
    enum class Node { Block, BlockOrIndentless, Flow };
    enum class Entry { First, Later };
    struct Properties
    {
        std::string_view anchor;
        bool hasAnchor = false;
        std::string_view tag;
        YamlMark start;
    };
    using TokenKind = YamlToken::Kind;
    using EventKind = YamlEvent::Kind;

    bool fail(std::string text, const YamlMark &at, const YamlMark &context = {});
    /// Drops the current token and gives the next; null after a problem.
    const YamlToken *following();
    void leave();
    bool emptyScalar(YamlEvent &event, const YamlMark &mark);

    bool documentStart(YamlEvent &event, bool isImplicit);
    bool documentContent(YamlEvent &event);
    bool documentEnd(YamlEvent &event);
    bool directives();
    bool addTagDirective(std::string_view handle, std::string_view prefix, bool mayRepeat, const YamlMark &mark);

    bool node(YamlEvent &event, Node kind);
    bool properties(const YamlToken *&token, Properties &found);
    bool resolveTag(const YamlToken &token, Properties &found);
    bool nodeContent(YamlEvent &event, Node kind, const YamlToken &token, const Properties &found);
    bool collection(YamlEvent &event, EventKind kind, State state, YamlStyle style = YamlStyle::Plain);

    bool blockSequence(YamlEvent &event, Entry entry);
    bool indentlessSequence(YamlEvent &event);
    bool blockMappingKey(YamlEvent &event, Entry entry);
    bool blockMappingValue(YamlEvent &event);
    bool flowSequence(YamlEvent &event, Entry entry);
    bool flowPairKey(YamlEvent &event);
    bool flowPairValue(YamlEvent &event);
    bool flowPairEnd(YamlEvent &event);
    bool flowMappingKey(YamlEvent &event, Entry entry);
    bool flowMappingValue(YamlEvent &event, bool isEmpty);
    bool enter(State after, YamlEvent &event, Node kind);
    bool openCollection(Entry entry);
    bool endCollection(YamlEvent &event, EventKind kind, const YamlToken &token);

    YamlScanner m_scanner;
    Chunk &m_storage;
    State m_state = State::StreamStart;
    std::vector<State> m_states;
    std::vector<YamlMark> m_marks;
    std::vector<std::pair<std::string_view, std::string_view>> m_tagDirectives;
    std::optional<YamlProblem> m_problem;
};

} // namespace tiphys::object::detail
