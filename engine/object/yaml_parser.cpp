// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_parser.h"

namespace tiphys::object::detail {

bool YamlParser::fail(std::string text, const YamlMark &at, const YamlMark &context)
{
    m_problem = {YamlProblem::Origin::Parser, std::move(text), at, context};
    return false;
}

const YamlToken *YamlParser::following()
{
    m_scanner.skip();
    return m_scanner.peek();
}

void YamlParser::leave()
{
    m_state = m_states.back();
    m_states.pop_back();
}

bool YamlParser::emptyScalar(YamlEvent &event, const YamlMark &mark)
{
    event = {.kind = EventKind::Scalar, .isImplicit = true, .start = mark};
    return true;
}

bool YamlParser::next(YamlEvent &event)
{
    event = {};
    if (problem())
        return false;
    switch (m_state) {
    case State::StreamStart:
        if (!m_scanner.peek())
            return false;
        m_scanner.skip();
        m_state = State::ImplicitDocumentStart;
        return documentStart(event, true);
    case State::ImplicitDocumentStart: return documentStart(event, true);
    case State::DocumentStart: return documentStart(event, false);
    case State::DocumentContent: return documentContent(event);
    case State::DocumentEnd: return documentEnd(event);
    case State::BlockNode: return node(event, Node::Block);
    case State::BlockSequenceFirst: return blockSequence(event, Entry::First);
    case State::BlockSequence: return blockSequence(event, Entry::Later);
    case State::IndentlessSequence: return indentlessSequence(event);
    case State::BlockMappingFirst: return blockMappingKey(event, Entry::First);
    case State::BlockMappingKey: return blockMappingKey(event, Entry::Later);
    case State::BlockMappingValue: return blockMappingValue(event);
    case State::FlowSequenceFirst: return flowSequence(event, Entry::First);
    case State::FlowSequence: return flowSequence(event, Entry::Later);
    case State::FlowPairKey: return flowPairKey(event);
    case State::FlowPairValue: return flowPairValue(event);
    case State::FlowPairEnd: return flowPairEnd(event);
    case State::FlowMappingFirst: return flowMappingKey(event, Entry::First);
    case State::FlowMappingKey: return flowMappingKey(event, Entry::Later);
    case State::FlowMappingValue: return flowMappingValue(event, false);
    case State::FlowMappingEmptyValue: return flowMappingValue(event, true);
    case State::End: return true;
    }
    return false;
}

bool YamlParser::documentStart(YamlEvent &event, bool isImplicit)
{
    const YamlToken *token = m_scanner.peek();
    while (token && !isImplicit && token->kind == TokenKind::DocumentEnd)
        token = following();
    if (!token)
        return false;
    if (token->kind == TokenKind::StreamEnd) {
        m_state = State::End;
        event = {.kind = EventKind::StreamEnd, .start = token->start};
        m_scanner.skip();
        return true;
    }
    const bool hasHead = token->kind == TokenKind::VersionDirective || token->kind == TokenKind::TagDirective
                         || token->kind == TokenKind::DocumentStart;
    event = {.kind = EventKind::DocumentStart, .start = token->start};
    if (!directives())
        return false;
    if (isImplicit && !hasHead) {
        m_state = State::BlockNode;
    } else {
        token = m_scanner.peek();
        if (!token)
            return false;
        if (token->kind != TokenKind::DocumentStart)
            return fail("did not find expected <document start>", token->start);
        m_state = State::DocumentContent;
        m_scanner.skip();
    }
    m_states.push_back(State::DocumentEnd);
    return true;
}

bool YamlParser::documentContent(YamlEvent &event)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    switch (token->kind) {
    case TokenKind::VersionDirective:
    case TokenKind::TagDirective:
    case TokenKind::DocumentStart:
    case TokenKind::DocumentEnd:
    case TokenKind::StreamEnd: leave(); return emptyScalar(event, token->start);
    default: return node(event, Node::Block);
    }
}

bool YamlParser::documentEnd(YamlEvent &event)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    event = {.kind = EventKind::DocumentEnd, .start = token->start};
    if (token->kind == TokenKind::DocumentEnd)
        m_scanner.skip();
    m_tagDirectives.clear();
    m_state = State::DocumentStart;
    return true;
}

bool YamlParser::directives()
{
    const YamlToken *token = m_scanner.peek();
    bool hasVersion = false;
    while (token && (token->kind == TokenKind::VersionDirective || token->kind == TokenKind::TagDirective)) {
        if (token->kind == TokenKind::VersionDirective) {
            if (hasVersion)
                return fail("found duplicate %YAML directive", token->start);
            if (token->major != 1 || token->minor != 1)
                return fail("found incompatible YAML document", token->start);
            hasVersion = true;
        } else if (!addTagDirective(token->text, token->suffix, false, token->start)) {
            return false;
        }
        token = following();
    }
    if (!token)
        return false;
    return addTagDirective("!", "!", true, token->start)
           && addTagDirective("!!", "tag:yaml.org,2002:", true, token->start);
}

bool YamlParser::addTagDirective(std::string_view handle, std::string_view prefix, bool mayRepeat, const YamlMark &mark)
{
    for (const auto &directive : m_tagDirectives) {
        if (directive.first == handle)
            return mayRepeat || fail("found duplicate %TAG directive", mark);
    }
    m_tagDirectives.emplace_back(handle, prefix);
    return true;
}

bool YamlParser::node(YamlEvent &event, Node kind)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    if (token->kind == TokenKind::Alias) {
        leave();
        event = {.kind = EventKind::Alias, .start = token->start, .anchor = token->text};
        m_scanner.skip();
        return true;
    }
    Properties found{.start = token->start};
    if (!properties(token, found))
        return false;
    event = {.start = found.start, .anchor = found.anchor, .hasAnchor = found.hasAnchor, .tag = found.tag};
    return nodeContent(event, kind, *token, found);
}

bool YamlParser::properties(const YamlToken *&token, Properties &found)
{
    std::optional<YamlToken> tag;
    const TokenKind first = token->kind;
    if (first != TokenKind::Anchor && first != TokenKind::Tag)
        return true;
    for (int i = 0; i < 2; ++i) {
        if (token->kind == TokenKind::Anchor && !found.hasAnchor) {
            found.anchor = token->text;
            found.hasAnchor = true;
        } else if (token->kind == TokenKind::Tag && !tag) {
            tag = *token;
        } else {
            break;
        }
        token = following();
        if (!token)
            return false;
    }
    return !tag || resolveTag(*tag, found);
}

bool YamlParser::resolveTag(const YamlToken &token, Properties &found)
{
    if (token.text.empty()) {
        found.tag = token.suffix;
        return true;
    }
    for (const auto &directive : m_tagDirectives) {
        if (directive.first != token.text)
            continue;
        std::string tag(directive.second);
        tag += token.suffix;
        found.tag = {m_storage.copyText(tag), tag.size()};
        break;
    }
    return !found.tag.empty() || fail("found undefined tag handle", token.start, found.start);
}

bool YamlParser::collection(YamlEvent &event, EventKind kind, State state, YamlStyle style)
{
    event.kind = kind;
    event.style = style;
    m_state = state;
    return true;
}

bool YamlParser::nodeContent(YamlEvent &event, Node kind, const YamlToken &token, const Properties &found)
{
    const bool isBlock = kind != Node::Flow;
    switch (token.kind) {
    case TokenKind::BlockEntry:
        if (kind == Node::BlockOrIndentless)
            return collection(event, EventKind::SequenceStart, State::IndentlessSequence);
        break;
    case TokenKind::Scalar:
        event.kind = EventKind::Scalar;
        event.isImplicit = (found.tag.empty() && token.isPlain) || found.tag == "!";
        event.text = token.text;
        event.style = token.style;
        leave();
        m_scanner.skip();
        return true;
    case TokenKind::FlowSequenceStart:
        return collection(event, EventKind::SequenceStart, State::FlowSequenceFirst, YamlStyle::Flow);
    case TokenKind::FlowMappingStart:
        return collection(event, EventKind::MappingStart, State::FlowMappingFirst, YamlStyle::Flow);
    case TokenKind::BlockSequenceStart:
        if (isBlock)
            return collection(event, EventKind::SequenceStart, State::BlockSequenceFirst);
        break;
    case TokenKind::BlockMappingStart:
        if (isBlock)
            return collection(event, EventKind::MappingStart, State::BlockMappingFirst);
        break;
    default: break;
    }
    if (found.hasAnchor || !found.tag.empty()) {
        event.kind = EventKind::Scalar;
        event.isImplicit = found.tag.empty();
        leave();
        return true;
    }
    return fail("did not find expected node content", token.start, found.start);
}

bool YamlParser::enter(State after, YamlEvent &event, Node kind)
{
    m_states.push_back(after);
    return node(event, kind);
}

bool YamlParser::openCollection(Entry entry)
{
    if (entry == Entry::Later)
        return true;
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    m_marks.push_back(token->start);
    m_scanner.skip();
    return true;
}

bool YamlParser::endCollection(YamlEvent &event, EventKind kind, const YamlToken &token)
{
    event = {.kind = kind, .start = token.start};
    leave();
    m_marks.pop_back();
    m_scanner.skip();
    return true;
}

bool YamlParser::blockSequence(YamlEvent &event, Entry entry)
{
    if (!openCollection(entry))
        return false;
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    if (token->kind == TokenKind::BlockEnd)
        return endCollection(event, EventKind::SequenceEnd, *token);
    if (token->kind != TokenKind::BlockEntry)
        return fail("did not find expected '-' indicator", token->start, m_marks.back());
    const YamlMark mark = token->end;
    token = following();
    if (!token)
        return false;
    if (token->kind != TokenKind::BlockEntry && token->kind != TokenKind::BlockEnd)
        return enter(State::BlockSequence, event, Node::Block);
    m_state = State::BlockSequence;
    return emptyScalar(event, mark);
}

bool YamlParser::indentlessSequence(YamlEvent &event)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    if (token->kind != TokenKind::BlockEntry) {
        event = {.kind = EventKind::SequenceEnd, .start = token->start};
        leave();
        return true;
    }
    const YamlMark mark = token->end;
    token = following();
    if (!token)
        return false;
    switch (token->kind) {
    case TokenKind::BlockEntry:
    case TokenKind::Key:
    case TokenKind::Value:
    case TokenKind::BlockEnd: m_state = State::IndentlessSequence; return emptyScalar(event, mark);
    default: return enter(State::IndentlessSequence, event, Node::Block);
    }
}

bool YamlParser::blockMappingKey(YamlEvent &event, Entry entry)
{
    if (!openCollection(entry))
        return false;
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    if (token->kind == TokenKind::BlockEnd)
        return endCollection(event, EventKind::MappingEnd, *token);
    if (token->kind != TokenKind::Key)
        return fail("did not find expected key", token->start, m_marks.back());
    const YamlMark mark = token->end;
    token = following();
    if (!token)
        return false;
    switch (token->kind) {
    case TokenKind::Key:
    case TokenKind::Value:
    case TokenKind::BlockEnd: m_state = State::BlockMappingValue; return emptyScalar(event, mark);
    default: return enter(State::BlockMappingValue, event, Node::BlockOrIndentless);
    }
}

bool YamlParser::blockMappingValue(YamlEvent &event)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    m_state = State::BlockMappingKey;
    if (token->kind != TokenKind::Value)
        return emptyScalar(event, token->start);
    const YamlMark mark = token->end;
    token = following();
    if (!token)
        return false;
    switch (token->kind) {
    case TokenKind::Key:
    case TokenKind::Value:
    case TokenKind::BlockEnd: return emptyScalar(event, mark);
    default: return enter(State::BlockMappingKey, event, Node::BlockOrIndentless);
    }
}

bool YamlParser::flowSequence(YamlEvent &event, Entry entry)
{
    if (!openCollection(entry))
        return false;
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    if (token->kind != TokenKind::FlowSequenceEnd) {
        if (entry == Entry::Later) {
            if (token->kind != TokenKind::FlowEntry)
                return fail("did not find expected ',' or ']'", token->start, m_marks.back());
            token = following();
            if (!token)
                return false;
        }
        if (token->kind == TokenKind::Key) {
            event = {.kind = EventKind::MappingStart, .start = token->start};
            m_state = State::FlowPairKey;
            m_scanner.skip();
            return true;
        }
        if (token->kind != TokenKind::FlowSequenceEnd)
            return enter(State::FlowSequence, event, Node::Flow);
    }
    return endCollection(event, EventKind::SequenceEnd, *token);
}

bool YamlParser::flowPairKey(YamlEvent &event)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    switch (token->kind) {
    case TokenKind::Value:
    case TokenKind::FlowEntry:
    case TokenKind::FlowSequenceEnd: {
        const YamlMark mark = token->end;
        m_scanner.skip();
        m_state = State::FlowPairValue;
        return emptyScalar(event, mark);
    }
    default: return enter(State::FlowPairValue, event, Node::Flow);
    }
}

bool YamlParser::flowPairValue(YamlEvent &event)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    const YamlMark mark = token->start;
    if (token->kind == TokenKind::Value) {
        token = following();
        if (!token)
            return false;
        if (token->kind != TokenKind::FlowEntry && token->kind != TokenKind::FlowSequenceEnd)
            return enter(State::FlowPairEnd, event, Node::Flow);
    }
    m_state = State::FlowPairEnd;
    return emptyScalar(event, mark);
}

bool YamlParser::flowPairEnd(YamlEvent &event)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    m_state = State::FlowSequence;
    event = {.kind = EventKind::MappingEnd, .start = token->start};
    return true;
}

bool YamlParser::flowMappingKey(YamlEvent &event, Entry entry)
{
    if (!openCollection(entry))
        return false;
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    if (token->kind != TokenKind::FlowMappingEnd) {
        if (entry == Entry::Later) {
            if (token->kind != TokenKind::FlowEntry)
                return fail("did not find expected ',' or '}'", token->start, m_marks.back());
            token = following();
            if (!token)
                return false;
        }
        if (token->kind == TokenKind::Key) {
            token = following();
            if (!token)
                return false;
            if (token->kind != TokenKind::Value && token->kind != TokenKind::FlowEntry
                && token->kind != TokenKind::FlowMappingEnd)
                return enter(State::FlowMappingValue, event, Node::Flow);
            m_state = State::FlowMappingValue;
            return emptyScalar(event, token->start);
        }
        if (token->kind != TokenKind::FlowMappingEnd)
            return enter(State::FlowMappingEmptyValue, event, Node::Flow);
    }
    return endCollection(event, EventKind::MappingEnd, *token);
}

bool YamlParser::flowMappingValue(YamlEvent &event, bool isEmpty)
{
    const YamlToken *token = m_scanner.peek();
    if (!token)
        return false;
    m_state = State::FlowMappingKey;
    if (!isEmpty && token->kind == TokenKind::Value) {
        token = following();
        if (!token)
            return false;
        if (token->kind != TokenKind::FlowEntry && token->kind != TokenKind::FlowMappingEnd)
            return enter(State::FlowMappingKey, event, Node::Flow);
    }
    return emptyScalar(event, token->start);
}

} // namespace tiphys::object::detail
