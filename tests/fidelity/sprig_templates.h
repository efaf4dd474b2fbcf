// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::fidelity {

/// Calls of Sprig's functions with arguments that lie near their edges.
class SprigTemplates
{
public:
    explicit SprigTemplates(std::uint64_t seed) : m_random(seed) {}

    /// One call whose result is printed with its type.
    std::string next()
    {
        const Call &call = kCalls()[below(kCalls().size())];
        std::string text = "{{ $r := " + std::string(call.name);
        for (std::size_t i = 0; i < call.pools.size(); ++i) {
            if (call.pools[i] == '+') {
                for (std::size_t more = below(4); more > 0; --more)
                    text += " " + argument(call.pools[i + 1]);
                break;
            }
            text += " " + argument(call.pools[i]);
        }
        return text + " }}{{ printf \"%T %v %q\" $r $r $r }}";
    }

private:
    /// Pools of arguments by letter; after '+' comes the pool of up to three more.
    struct Call
    {
        std::string_view name;
        std::string_view pools;
    };

    static const std::vector<Call> &kCalls()
    {
        static const std::vector<Call> calls = {{"trunc", "is"},
                                                {"abbrev", "is"},
                                                {"abbrevboth", "iis"},
                                                {"substr", "iis"},
                                                {"wrap", "is"},
                                                {"wrapWith", "iss"},
                                                {"upper", "s"},
                                                {"lower", "s"},
                                                {"title", "s"},
                                                {"untitle", "s"},
                                                {"swapcase", "s"},
                                                {"initials", "s"},
                                                {"nospace", "s"},
                                                {"trim", "s"},
                                                {"trimAll", "ss"},
                                                {"trimSuffix", "ss"},
                                                {"trimPrefix", "ss"},
                                                {"repeat", "is"},
                                                {"contains", "ss"},
                                                {"hasPrefix", "ss"},
                                                {"replace", "sss"},
                                                {"indent", "is"},
                                                {"nindent", "is"},
                                                {"snakecase", "w"},
                                                {"kebabcase", "w"},
                                                {"camelcase", "w"},
                                                {"quote", "+a"},
                                                {"squote", "+a"},
                                                {"cat", "+a"},
                                                {"toString", "a"},
                                                {"plural", "ssi"},
                                                {"split", "ss"},
                                                {"splitn", "sis"},
                                                {"splitList", "ss"},
                                                {"join", "sa"},
                                                {"toStrings", "a"},
                                                {"sortAlpha", "a"},
                                                {"regexMatch", "rs"},
                                                {"regexFind", "rs"},
                                                {"regexFindAll", "rsi"},
                                                {"regexReplaceAll", "rst"},
                                                {"regexReplaceAllLiteral", "rst"},
                                                {"regexSplit", "rsi"},
                                                {"mustRegexFind", "rs"},
                                                {"regexQuoteMeta", "s"},
                                                {"atoi", "n"},
                                                {"int", "a"},
                                                {"int64", "a"},
                                                {"float64", "a"},
                                                {"int64", "n"},
                                                {"float64", "n"},
                                                {"toDecimal", "n"},
                                                {"add", "+a"},
                                                {"sub", "aa"},
                                                {"mul", "a+a"},
                                                {"div", "aa"},
                                                {"mod", "aa"},
                                                {"add1", "a"},
                                                {"max", "a+a"},
                                                {"min", "a+a"},
                                                {"maxf", "n+n"},
                                                {"minf", "n+n"},
                                                {"addf", "+n"},
                                                {"subf", "n+n"},
                                                {"mulf", "n+n"},
                                                {"divf", "nn"},
                                                {"add1f", "n"},
                                                {"floor", "n"},
                                                {"ceil", "n"},
                                                {"round", "ni"},
                                                {"until", "i"},
                                                {"untilStep", "iii"},
                                                {"seq", "+i"},
                                                {"default", "a+a"},
                                                {"empty", "a"},
                                                {"coalesce", "+a"},
                                                {"all", "+a"},
                                                {"any", "+a"},
                                                {"typeOf", "a"},
                                                {"kindOf", "a"},
                                                {"deepEqual", "aa"},
                                                {"get", "ds"},
                                                {"hasKey", "ds"},
                                                {"pick", "d+k"},
                                                {"omit", "d+k"},
                                                {"pluck", "k+d"},
                                                {"merge", "d+d"},
                                                {"mergeOverwrite", "d+d"},
                                                {"dig", "kkad"},
                                                {"dig", "kad"},
                                                {"deepCopy", "a"},
                                                {"dict", "+a"},
                                                {"first", "a"},
                                                {"last", "a"},
                                                {"rest", "a"},
                                                {"initial", "a"},
                                                {"append", "aa"},
                                                {"prepend", "aa"},
                                                {"concat", "+a"},
                                                {"reverse", "a"},
                                                {"uniq", "a"},
                                                {"without", "a+a"},
                                                {"has", "aa"},
                                                {"compact", "a"},
                                                {"slice", "m+i"},
                                                {"chunk", "ia"},
                                                {"toJson", "a"},
                                                {"toPrettyJson", "a"},
                                                {"toRawJson", "a"},
                                                {"fromJson", "j"},
                                                {"fromJsonArray", "j"},
                                                {"mustFromJson", "j"},
                                                {"b64enc", "s"},
                                                {"b64dec", "b"},
                                                {"b32dec", "b"},
                                                {"b32enc", "s"},
                                                {"base", "p"},
                                                {"dir", "p"},
                                                {"clean", "p"},
                                                {"ext", "p"},
                                                {"urlParse", "u"},
                                                {"urlParse", "u"},
                                                {"semver", "v"},
                                                {"semverCompare", "cv"},
                                                {"sha1sum", "s"},
                                                {"adler32sum", "s"},
                                                {"duration", "n"},
                                                {"durationRound", "o"},
                                                {"toDate", "lz"},
                                                {"mustToDate", "lz"},
                                                {"dateInZone", "lxq"},
                                                {"toYaml", "a"},
                                                {"toYamlPretty", "a"},
                                                {"toToml", "a"},
                                                {"toYaml", "y"},
                                                {"toYamlPretty", "y"},
                                                {"toToml", "y"},
                                                {"fromYaml", "j"},
                                                {"fromYamlArray", "j"}};
        return calls;
    }

    std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }
    std::string_view pick(std::initializer_list<std::string_view> pool) { return *(pool.begin() + below(pool.size())); }

    static std::string quoted(std::string_view text)
    {
        std::string result = "\"";
        for (const char c : text) {
            if (c == '\n')
                result += "\\n";
            else if (c == '\t')
                result += "\\t";
            else if (c == '"' || c == '\\')
                result += std::string("\\") + c;
            else
                result += c;
        }
        return result + "\"";
    }

    /// Up to \p most pieces of \p pool in a row.
    std::string pieces(std::initializer_list<std::string_view> pool, std::uint64_t most)
    {
        std::string text;
        for (std::uint64_t count = below(most + 1); count > 0; --count)
            text += pick(pool);
        return text;
    }

    std::string argument(char pool)
    {
        switch (pool) {
        case 'i': return std::string(pick({"0", "1", "2", "3", "4", "5", "7", "10", "-1", "-2", "-5", "20"}));
        case 's':
            return quoted(
                pieces({"a", "b", " ", "  ", "ab", "Hello", "wörld", "-", ",", "\n", "\t", "X", "1", "_", "日"}, 5));
        case 'w':
            return quoted(pieces(
                {"A", "b", "HTTP", "Server", "foo", "12", "_", "-", " ", ".", "é", "Ä", "/", "x1", "日", "$"}, 6));
        case 'r':
            return quoted(
                pieces({"a", "b+", "[a-z]", "(",    ")",        "(x)", "*",  "?", "|",   "^", "$",     ".",   "\\d",
                        "[", "]",  "{2}",   "(?i)", "(?P<n>a)", "\\b", "\\", "ö", "(?:", "+", "{1,3}", "[^a]"},
                       5));
        case 't': return quoted(pieces({"$1", "${1}", "$n", "x", "$", "$$", "${n}y", "$0", "-", "${"}, 3));
        case 'n': return number();
        case 'a': return any(2);
        case 'm': return list(2); // no list that Go gave more room than items: slice sees that room
        case 'y': return any(4);
        case 'd': return dictionary(2);
        case 'k': return quoted(pick({"a", "b", "c", "d"}));
        case 'j':
            return quoted(pieces({"{", "}", "[", "]", "\"a\"", ":", ",", "1", "null", "true", "-", "1.5e3", " ",
                                  "\"\\u00e4\"", "x", "{\"a\":1}", "[1,2]", "a: 1\n", "- x\n"},
                                 5));
        case 'b': return quoted(pieces({"YQ==", "aGVs", "=", "MZXW6", "YTOI", "\n", "a", "ME======", "!"}, 4));
        case 'p': return quoted(pieces({"/", "a", "..", ".", "b.c", "//", ".tar"}, 6));
        case 'u':
            return quoted(pieces(
                {"http", ":", "//", "h", "@", "/", "?", "#", "%20", "%", "a", "[::1]", "80", " ", "u:p", "é", "<", "+"},
                7));
        case 'v': return quoted(pieces({"1", ".", "2", "0", "v", "-", "rc", "+m", ".3", "1.2.3", "01"}, 6));
        case 'c':
            return quoted(pieces(
                {"1", ".2", ">=", "<", "^", "~", " ", ",", "||", "x", "*", "1.2.3", "-rc", " - ", "!=", "="}, 6));
        case 'o':
            return quoted(pieces({"1", "h", "m", "s", "ms", "-", ".", "5", "100", "us", "d", "24h", "9000h", "ns"}, 5));
        case 'l':
            return quoted(
                pieces({"2006", "-",     "01",     "02",   "15",   ":",  "04",  "05",  " ", "Jan", "Mon", "PM",
                        "MST",  "-0700", "Z07:00", ".000", ".999", "_2", "002", "__2", "3", "06",  "x",   "1"},
                       6));
        case 'z':
            return quoted(pieces({"2020", "-",   "01",    "29", "10", ":",   "11",  "12",  " ", "Feb", "Tue",
                                  "AM",   "CET", "+0130", "Z",  ".5", "366", "060", "UTC", "x", "1",   "GMT+3"},
                                 6));
        case 'x':
            return std::string(pick({"0", "1700000000", "-1", "951782400", "-62135596800", "(int64 1709210096)"}));
        case 'q': return "\"UTC\"";
        default: return "";
        }
    }

    std::string number()
    {
        if (below(2) == 0)
            return std::string(pick(
                {"0", "1", "-1", "0.1", "0.2", "1.5", "-2.5", "123.456", "1e20", "1e-7", "3", "7", "1e300", "99999"}));
        return quoted(pieces(
            {"1", "0", "x", ".", "5", "-", "e", "_", "0x", "inf", "nan", "+", "9223372036854775807", "p", "b"}, 4));
    }

    std::string any(int depth)
    {
        switch (below(depth > 0 ? 10 : 7)) {
        case 0: return std::string(pick({"0", "1", "-7", "12345678"}));
        case 1: return std::string(pick({"1.5", "0.0", "1e7", "1e21", "12345678.0", "-0.25"}));
        case 2:
            return quoted(pieces(
                {"a", "yes", "1", " ", ":", "#", "-", "ü", "null", "\n", "\t", "'", "\"", "<", "0x1", "~", "["}, 3));
        case 3: return std::string(pick({"true", "false"}));
        case 4: return "nil";
        case 5: return std::string(pick({"(until 3)", "(splitList \",\" \"b,a\")", "(int64 5)", "(semver \"1.2\")"}));
        case 6: return std::string(pick({"\"\"", "(list)", "(dict)"}));
        case 7: return dictionary(depth);
        default: return list(depth);
        }
    }

    std::string list(int depth)
    {
        std::string text = "(list";
        for (std::uint64_t count = below(4); count > 0; --count)
            text += " " + any(depth - 1);
        return text + ")";
    }

    std::string dictionary(int depth)
    {
        std::string text = "(dict";
        for (std::uint64_t count = below(4); count > 0; --count)
            text += " " + argument('k') + " " + any(depth - 1);
        return text + ")";
    }

    std::mt19937_64 m_random;
};

} // namespace tiphys::fidelity
