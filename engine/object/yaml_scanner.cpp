// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_scanner.h"

#include <utility>

namespace tiphys::object::detail {

namespace {

constexpr std::size_t kDeepestNesting = 10'000;
/// A key without '?' must end on its line and within as many characters.
constexpr std::int64_t kLongestSimpleKey = 1024;

std::size_t widthOf(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

} // namespace

YamlScanner::YamlScanner(const YamlInput &input, Chunk &storage)
    : m_text(input.text.data()), m_trouble(input.trouble), m_troubleText(input.problem), m_storage(storage)
{
    if (m_trouble == YamlInput::kNowhere)
        m_trouble = YamlInput::kNowhere / 2;
    append({.kind = Kind::StreamStart});
}

bool YamlScanner::isBreakAt(std::size_t offset) const
{
    const char c = at(offset);
    if (c == '\n' || c == '\r')
        return true;
    if (c == '\xC2')
        return at(offset + 1) == '\x85';
    return c == '\xE2' && at(offset + 1) == '\x80' && (at(offset + 2) == '\xA8' || at(offset + 2) == '\xA9');
}

bool YamlScanner::isDocumentIndicator() const
{
    const char c = at();
    return m_mark.column == 0 && (c == '-' || c == '.') && at(1) == c && at(2) == c && isBlankOrEndAt(3);
}

bool YamlScanner::ensureSlowly(std::size_t characters)
{
    std::size_t place = m_at;
    for (std::size_t i = 0; i < characters; ++i) {
        if (place >= m_trouble) {
            if (!m_problem)
                m_problem = {YamlProblem::Origin::Reader, std::string(m_troubleText), {}, {}};
            return false;
        }
        place += widthOf(m_text[place]);
    }
    return true;
}

void YamlScanner::advance()
{
    m_at += widthOf(at());
    ++m_mark.index;
    ++m_mark.column;
}

void YamlScanner::advance(std::size_t characters)
{
    for (std::size_t i = 0; i < characters; ++i)
        advance();
}

void YamlScanner::skipBreak()
{
    const bool isPair = at() == '\r' && at(1) == '\n';
    m_at += isPair ? 2 : widthOf(at());
    m_mark.index += isPair ? 2 : 1;
    m_mark.column = 0;
    ++m_mark.line;
}

void YamlScanner::take(std::string &into)
{
    into.append(m_text + m_at, widthOf(at()));
    advance();
}

void YamlScanner::takeBreak(std::string &into)
{
    // All breaks are read as line feeds, but for the separators of lines and paragraphs.
    if (at() == '\xE2')
        into.append(m_text + m_at, 3);
    else
        into += '\n';
    skipBreak();
}

std::string_view YamlScanner::keep(std::string_view text)
{
    return {m_storage.copyText(text), text.size()};
}

bool YamlScanner::fail(std::string text, const YamlMark &context)
{
    if (!m_problem)
        m_problem = {YamlProblem::Origin::Scanner, std::move(text), m_mark, context};
    return false;
}

const YamlToken *YamlScanner::peek()
{
    if (m_problem || (!m_isAvailable && !fetchMore()))
        return nullptr;
    return &m_tokens[m_head];
}

void YamlScanner::skip()
{
    m_isAvailable = false;
    ++m_parsed;
    m_hasEnded = m_tokens[m_head].kind == Kind::StreamEnd;
    ++m_head;
    if (m_head == m_tokens.size()) {
        m_tokens.clear();
        m_head = 0;
    }
}

void YamlScanner::insert(std::int64_t place, const YamlToken &token)
{
    if (place < 0 || static_cast<std::size_t>(place) >= queued())
        return append(token);
    m_tokens.insert(m_tokens.begin() + static_cast<std::ptrdiff_t>(m_head) + place, token);
}

bool YamlScanner::fetchMore()
{
    for (;;) {
        if (queued() > 0) {
            // A token that may still turn out to be a key must wait for its ':'.
            const auto found = m_keyOfToken.find(m_parsed);
            if (found == m_keyOfToken.end() || found->second >= m_keys.size())
                break;
            const Found valid = validity(m_keys[found->second]);
            if (valid == Found::Failed)
                return false;
            if (valid == Found::No)
                break;
        }
        if (!fetchNext())
            return false;
    }
    m_isAvailable = true;
    return true;
}

bool YamlScanner::fetchNext()
{
    if (!ensure(1) || !skipToToken())
        return false;
    unindentTo(m_mark.column);
    if (!ensure(4))
        return false;
    const char c = at();
    if (c == '\0')
        return fetchStreamEnd();
    if (m_mark.column == 0 && c == '%')
        return fetchDirective();
    if (isDocumentIndicator())
        return fetchDocumentIndicator(c == '-' ? Kind::DocumentStart : Kind::DocumentEnd);
    bool isDone = true;
    const bool ok = fetchStructure(c, isDone);
    if (isDone)
        return ok;
    if (startsPlain())
        return fetchPlain();
    return failHere("found character that cannot start any token");
}

bool YamlScanner::fetchStructure(char c, bool &isDone)
{
    const bool isFlow = m_flowLevel > 0;
    switch (c) {
    case '[': return fetchFlowStart(Kind::FlowSequenceStart);
    case '{': return fetchFlowStart(Kind::FlowMappingStart);
    case ']': return fetchFlowEnd(Kind::FlowSequenceEnd);
    case '}': return fetchFlowEnd(Kind::FlowMappingEnd);
    case ',': return fetchFlowEntry();
    case '*': return fetchAnchor(Kind::Alias);
    case '&': return fetchAnchor(Kind::Anchor);
    case '!': return fetchTag();
    case '\'': return fetchQuoted(Quotes::Single);
    case '"': return fetchQuoted(Quotes::Double);
    case '-':
        if (isBlankOrEndAt(1))
            return fetchBlockEntry();
        break;
    case '?':
        if (isFlow || isBlankOrEndAt(1))
            return fetchKey();
        break;
    case ':':
        if (isFlow || isBlankOrEndAt(1))
            return fetchValue();
        break;
    case '|':
        if (!isFlow)
            return fetchBlockScalar(Block::Literal);
        break;
    case '>':
        if (!isFlow)
            return fetchBlockScalar(Block::Folded);
        break;
    default: break;
    }
    isDone = false;
    return false;
}

bool YamlScanner::startsPlain() const
{
    constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`";
    const char c = at();
    if (!isBlankOrEndAt() && kIndicators.find(c) == std::string_view::npos)
        return true;
    if (c == '-')
        return !isBlankAt(1);
    return m_flowLevel == 0 && (c == '?' || c == ':') && !isBlankOrEndAt(1);
}

YamlScanner::Found YamlScanner::validity(SimpleKey &key)
{
    if (!key.isPossible)
        return Found::No;
    if (key.mark.line >= m_mark.line && key.mark.index + kLongestSimpleKey >= m_mark.index)
        return Found::Yes;
    if (key.isRequired) {
        fail("could not find expected ':'", key.mark);
        return Found::Failed;
    }
    key.isPossible = false;
    return Found::No;
}

bool YamlScanner::saveSimpleKey()
{
    const bool isRequired = m_flowLevel == 0 && m_indent == m_mark.column;
    if (!m_allowsSimpleKey)
        return true;
    if (!removeSimpleKey())
        return false;
    const std::int64_t token = m_parsed + static_cast<std::int64_t>(queued());
    m_keys.back() = {true, isRequired, token, m_mark};
    m_keyOfToken[token] = m_keys.size() - 1;
    return true;
}

bool YamlScanner::removeSimpleKey()
{
    SimpleKey &key = m_keys.back();
    if (!key.isPossible)
        return true;
    if (key.isRequired)
        return fail("could not find expected ':'", key.mark);
    key.isPossible = false;
    m_keyOfToken.erase(key.token);
    return true;
}

bool YamlScanner::openFlow()
{
    // The token number matters: closing the level forgets the key at it, which go-yaml does too.
    m_keys.push_back({false, false, m_parsed + static_cast<std::int64_t>(queued()), m_mark});
    ++m_flowLevel;
    if (m_flowLevel > kDeepestNesting)
        return failHere("exceeded max depth of 10000");
    return true;
}

void YamlScanner::closeFlow()
{
    if (m_flowLevel == 0)
        return;
    --m_flowLevel;
    m_keyOfToken.erase(m_keys.back().token);
    m_keys.pop_back();
}

bool YamlScanner::indentTo(std::int64_t column, std::int64_t tokenNumber, Kind kind, const YamlMark &mark)
{
    if (m_flowLevel > 0 || m_indent >= column)
        return true;
    m_indents.push_back(m_indent);
    m_indent = column;
    if (m_indents.size() > kDeepestNesting)
        return fail("exceeded max depth of 10000", m_keys.back().mark);
    if (tokenNumber > -1)
        tokenNumber -= m_parsed;
    insert(tokenNumber, {.kind = kind, .start = mark, .end = mark});
    return true;
}

void YamlScanner::unindentTo(std::int64_t column)
{
    if (m_flowLevel > 0)
        return;
    while (m_indent > column) {
        append({.kind = Kind::BlockEnd, .start = m_mark, .end = m_mark});
        m_indent = m_indents.back();
        m_indents.pop_back();
    }
}

bool YamlScanner::leaveBlocks()
{
    unindentTo(-1);
    if (!removeSimpleKey())
        return false;
    m_allowsSimpleKey = false;
    return true;
}

bool YamlScanner::appendIndicator(Kind kind, std::size_t characters)
{
    const YamlMark start = m_mark;
    advance(characters);
    append({.kind = kind, .start = start, .end = m_mark});
    return true;
}

bool YamlScanner::fetchStreamEnd()
{
    if (m_mark.column != 0) {
        m_mark.column = 0;
        ++m_mark.line;
    }
    if (!leaveBlocks())
        return false;
    append({.kind = Kind::StreamEnd, .start = m_mark, .end = m_mark});
    return true;
}

bool YamlScanner::fetchDirective()
{
    YamlToken token;
    if (!leaveBlocks() || !scanDirective(token))
        return false;
    append(token);
    return true;
}

bool YamlScanner::fetchDocumentIndicator(Kind kind)
{
    return leaveBlocks() && appendIndicator(kind, 3);
}

bool YamlScanner::fetchFlowStart(Kind kind)
{
    if (!saveSimpleKey() || !openFlow())
        return false;
    m_allowsSimpleKey = true;
    return appendIndicator(kind, 1);
}

bool YamlScanner::fetchFlowEnd(Kind kind)
{
    if (!removeSimpleKey())
        return false;
    closeFlow();
    m_allowsSimpleKey = false;
    return appendIndicator(kind, 1);
}

bool YamlScanner::fetchFlowEntry()
{
    if (!removeSimpleKey())
        return false;
    m_allowsSimpleKey = true;
    return appendIndicator(Kind::FlowEntry, 1);
}

bool YamlScanner::fetchBlockEntry()
{
    if (m_flowLevel == 0) {
        if (!m_allowsSimpleKey)
            return failHere("block sequence entries are not allowed in this context");
        if (!indentTo(m_mark.column, -1, Kind::BlockSequenceStart, m_mark))
            return false;
    }
    if (!removeSimpleKey())
        return false;
    m_allowsSimpleKey = true;
    return appendIndicator(Kind::BlockEntry, 1);
}

bool YamlScanner::fetchKey()
{
    if (m_flowLevel == 0) {
        if (!m_allowsSimpleKey)
            return failHere("mapping keys are not allowed in this context");
        if (!indentTo(m_mark.column, -1, Kind::BlockMappingStart, m_mark))
            return false;
    }
    if (!removeSimpleKey())
        return false;
    m_allowsSimpleKey = m_flowLevel == 0;
    return appendIndicator(Kind::Key, 1);
}

bool YamlScanner::fetchValue()
{
    SimpleKey &key = m_keys.back();
    const Found valid = validity(key);
    if (valid == Found::Failed)
        return false;
    if (valid == Found::Yes) {
        insert(key.token - m_parsed, {.kind = Kind::Key, .start = key.mark, .end = key.mark});
        if (!indentTo(key.mark.column, key.token, Kind::BlockMappingStart, key.mark))
            return false;
        key.isPossible = false;
        m_keyOfToken.erase(key.token);
        m_allowsSimpleKey = false;
    } else {
        if (m_flowLevel == 0) {
            if (!m_allowsSimpleKey)
                return failHere("mapping values are not allowed in this context");
            if (!indentTo(m_mark.column, -1, Kind::BlockMappingStart, m_mark))
                return false;
        }
        m_allowsSimpleKey = m_flowLevel == 0;
    }
    return appendIndicator(Kind::Value, 1);
}

bool YamlScanner::fetchAnchor(Kind kind)
{
    if (!saveSimpleKey())
        return false;
    m_allowsSimpleKey = false;
    YamlToken token;
    if (!scanAnchor(token, kind))
        return false;
    append(token);
    return true;
}

bool YamlScanner::fetchTag()
{
    if (!saveSimpleKey())
        return false;
    m_allowsSimpleKey = false;
    YamlToken token;
    if (!scanTag(token))
        return false;
    append(token);
    return true;
}

bool YamlScanner::fetchBlockScalar(Block style)
{
    if (!removeSimpleKey())
        return false;
    m_allowsSimpleKey = true;
    YamlToken token;
    if (!scanBlockScalar(token, style))
        return false;
    append(token);
    return true;
}

bool YamlScanner::fetchQuoted(Quotes quotes)
{
    if (!saveSimpleKey())
        return false;
    m_allowsSimpleKey = false;
    YamlToken token;
    if (!scanQuoted(token, quotes))
        return false;
    append(token);
    return true;
}

bool YamlScanner::fetchPlain()
{
    if (!saveSimpleKey())
        return false;
    m_allowsSimpleKey = false;
    YamlToken token;
    if (!scanPlain(token))
        return false;
    append(token);
    return true;
}

bool YamlScanner::skipToToken()
{
    for (;;) {
        if (!ensure(1))
            return false;
        // A second byte order mark is skipped at the very start only.
        if (m_at == 0 && at() == '\xEF' && at(1) == '\xBB' && at(2) == '\xBF')
            advance();
        if (!ensure(1))
            return false;
        // Tabs separate, but not where a simple key may start in block context: there they would indent.
        while (at() == ' ' || ((m_flowLevel > 0 || !m_allowsSimpleKey) && at() == '\t')) {
            advance();
            if (!ensure(1))
                return false;
        }
        if (!skipComment())
            return false;
        if (!isBreakAt())
            return true;
        if (!ensure(2))
            return false;
        skipBreak();
        if (m_flowLevel == 0)
            m_allowsSimpleKey = true;
    }
}

bool YamlScanner::skipBlanks()
{
    if (!ensure(1))
        return false;
    while (isBlankAt()) {
        advance();
        if (!ensure(1))
            return false;
    }
    return true;
}

bool YamlScanner::skipComment()
{
    if (at() != '#')
        return true;
    if (m_comments)
        m_comments->push_back(m_at);
    while (!isBreakOrEndAt()) {
        advance();
        if (!ensure(1))
            return false;
    }
    return true;
}

bool YamlScanner::endOfLine(const YamlMark &start)
{
    if (!skipBlanks() || !skipComment())
        return false;
    if (!isBreakOrEndAt())
        return fail("did not find expected comment or line break", start);
    if (isBreakAt()) {
        if (!ensure(2))
            return false;
        skipBreak();
    }
    return true;
}

} // namespace tiphys::object::detail
