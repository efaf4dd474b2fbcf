// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/chunk.h"
#include "object/yaml_input.h"
#include "object/yaml_style.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tiphys::object::detail {

/// A place in the text; line and column count from 0, in characters.
struct YamlMark
{
    std::int64_t index = 0;
    std::int64_t line = 0;
    std::int64_t column = 0;
};

struct YamlToken
{
    enum class Kind : std::uint8_t {
        StreamStart,
        StreamEnd,
        VersionDirective,
        TagDirective,
        DocumentStart,
        DocumentEnd,
        BlockSequenceStart,
        BlockMappingStart,
        BlockEnd,
        FlowSequenceStart,
        FlowSequenceEnd,
        FlowMappingStart,
        FlowMappingEnd,
        BlockEntry,
        FlowEntry,
        Key,
        Value,
        Alias,
        Anchor,
        Tag,
        Scalar,
    };
    Kind kind = Kind::StreamStart;
    bool isPlain = false; ///< Scalar: without quotes and block indicators
    YamlMark start;
    YamlMark end;
    std::string_view text;   ///< Scalar: its text; Alias, Anchor: the name; Tag, TagDirective: the handle
    std::string_view suffix; ///< Tag: what follows the handle; TagDirective: the prefix
    int major = 0;           ///< VersionDirective
    int minor = 0;
    YamlStyle style = YamlStyle::Plain; ///< Scalar; FlowSequenceStart and FlowMappingStart: Flow
};

/// What go-yaml says when it refuses a text.
struct YamlProblem
{
    enum class Origin { Reader, Scanner, Parser };
    Origin origin = Origin::Scanner;
    std::string text;
    YamlMark at;
    YamlMark context;
};

/// Tokens of a YAML 1.1 text, with all of go-yaml's habits.
/// Source: go.yaml.in/yaml/v2 scannerc.go@v2.4.2
class YamlScanner
{
public:
    /// Token texts live in \p storage or in \p input, both of which must outlive the scanner.
    YamlScanner(const YamlInput &input, Chunk &storage);

    /// From now on puts where comments begin into \p offsets, in bytes of the input and in their order.
    void noteComments(std::vector<std::size_t> &offsets) { m_comments = &offsets; }

    /// The next token without taking it; null after a problem.
    const YamlToken *peek();
    /// Drops the token that peek gave.
    void skip();
    const std::optional<YamlProblem> &problem() const { return m_problem; }

private:
    using Kind = YamlToken::Kind;
    struct SimpleKey
    {
        bool isPossible = false;
        bool isRequired = false;
        std::int64_t token = 0;
        YamlMark mark;
    };
    enum class Found { No, Yes, Failed };
    enum class Quotes { Single, Double };
    enum class Block { Literal, Folded };
    struct BlockHeader
    {
        int chomping = 0;
        int increment = 0;
    };
    /// The blanks between two words of a scalar that may fold.
    struct Gap
    {
        std::string firstBreak;
        std::string breaks;
        std::string blanks;
        bool hasBreak = false;
    };

    // Characters.
    char at(std::size_t offset = 0) const { return m_text[m_at + offset]; }
    bool isBreakAt(std::size_t offset = 0) const;
    bool isBlankAt(std::size_t offset = 0) const { return at(offset) == ' ' || at(offset) == '\t'; }
    bool isEndAt(std::size_t offset = 0) const { return at(offset) == '\0'; }
    bool isBreakOrEndAt(std::size_t offset = 0) const { return isEndAt(offset) || isBreakAt(offset); }
    bool isBlankOrEndAt(std::size_t offset = 0) const { return isBlankAt(offset) || isBreakOrEndAt(offset); }
    bool isDocumentIndicator() const;
    bool ensure(std::size_t characters) { return m_at + 4 * characters <= m_trouble || ensureSlowly(characters); }
    bool ensureSlowly(std::size_t characters);
    void advance();
    void advance(std::size_t characters);
    void skipBreak();
    void take(std::string &into);
    void takeBreak(std::string &into);
    std::string_view keep(std::string_view text);

    // Errors.
    bool fail(std::string text, const YamlMark &context);
    bool failHere(std::string text) { return fail(std::move(text), m_mark); }

    // Token queue.
    std::size_t queued() const { return m_tokens.size() - m_head; }
    void append(const YamlToken &token) { m_tokens.push_back(token); }
    void insert(std::int64_t place, const YamlToken &token);
    bool appendIndicator(Kind kind, std::size_t characters);
    bool fetchMore();
    bool fetchNext();
    bool fetchStructure(char c, bool &isDone);
    bool startsPlain() const;

    // Simple keys and indentation.
    Found validity(SimpleKey &key);
    bool saveSimpleKey();
    bool removeSimpleKey();
    bool openFlow();
    void closeFlow();
    bool indentTo(std::int64_t column, std::int64_t tokenNumber, Kind kind, const YamlMark &mark);
    void unindentTo(std::int64_t column);
    bool leaveBlocks();

    bool fetchStreamEnd();
    bool fetchDirective();
    bool fetchDocumentIndicator(Kind kind);
    bool fetchFlowStart(Kind kind);
    bool fetchFlowEnd(Kind kind);
    bool fetchFlowEntry();
    bool fetchBlockEntry();
    bool fetchKey();
    bool fetchValue();
    bool fetchAnchor(Kind kind);
    bool fetchTag();
    bool fetchBlockScalar(Block style);
    bool fetchQuoted(Quotes quotes);
    bool fetchPlain();

    bool skipToToken();
    bool skipBlanks();
    bool skipComment();
    bool endOfLine(const YamlMark &start);
    bool scanDirective(YamlToken &token);
    bool scanVersion(YamlToken &token, const YamlMark &start);
    bool scanVersionNumber(int &number, const YamlMark &start);
    bool scanTagDirective(YamlToken &token, const YamlMark &start);
    bool scanAnchor(YamlToken &token, Kind kind);
    bool scanTag(YamlToken &token);
    bool scanTagHandle(bool isDirective, const YamlMark &start, std::string &handle);
    bool scanTagUri(std::string_view head, const YamlMark &start, std::string &uri);
    bool scanUriEscapes(const YamlMark &start, std::string &uri);
    bool scanBlockHeader(BlockHeader &header, const YamlMark &start);
    bool scanBlockScalar(YamlToken &token, Block style);
    bool scanBlockBreaks(std::int64_t &indent, std::string &breaks, const YamlMark &start);
    bool scanQuoted(YamlToken &token, Quotes quotes);
    bool scanQuotedWord(Quotes quotes, const YamlMark &start, Gap &gap, std::string &text);
    bool scanEscape(const YamlMark &start, std::string &text);
    bool scanGap(Gap &gap);
    static void closeGap(Gap &gap, std::string &text);
    bool scanPlain(YamlToken &token);
    bool scanPlainWord(Gap &gap, std::string &text, YamlMark &end);

    const char *m_text;
    std::size_t m_at = 0;
    std::size_t m_trouble;
    std::string_view m_troubleText;
    Chunk &m_storage;
    YamlMark m_mark;
    std::vector<std::size_t> *m_comments = nullptr;

    std::vector<YamlToken> m_tokens;
    std::size_t m_head = 0;
    std::int64_t m_parsed = 0;
    bool m_isAvailable = false;
    bool m_hasEnded = false;

    std::int64_t m_indent = -1;
    std::vector<std::int64_t> m_indents;
    std::size_t m_flowLevel = 0;
    bool m_allowsSimpleKey = true;
    std::vector<SimpleKey> m_keys{1};
    std::unordered_map<std::int64_t, std::size_t> m_keyOfToken;
    std::optional<YamlProblem> m_problem;
};

} // namespace tiphys::object::detail
