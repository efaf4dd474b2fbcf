// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::fidelity {

/// Makes near-YAML out of good YAML, always the same for the same seed.
class YamlMutator
{
public:
    explicit YamlMutator(std::uint64_t seed) : m_state(seed) {}

    /// One of \p sources with one to six changes.
    std::string mutated(const std::vector<std::string> &sources)
    {
        std::string text = sources[below(sources.size())];
        const std::size_t changes = 1 + below(6);
        for (std::size_t i = 0; i < changes; ++i)
            change(text, sources);
        return text;
    }

private:
    std::size_t below(std::size_t limit)
    {
        // SplitMix64: the standard's distributions differ between libraries.
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return static_cast<std::size_t>((z ^ (z >> 31)) % limit);
    }
    std::size_t place(const std::string &text) { return below(text.size() + 1); }

    void change(std::string &text, const std::vector<std::string> &sources)
    {
        using namespace std::string_view_literals;
        static constexpr std::string_view kPieces[] = {
            ":"sv,
            ": "sv,
            ":\n"sv,
            "- "sv,
            "-"sv,
            "\n- "sv,
            "?"sv,
            "? "sv,
            "#"sv,
            " #c"sv,
            "\n"sv,
            "\n\n"sv,
            " "sv,
            "  "sv,
            "\t"sv,
            "\r\n"sv,
            "\r"sv,
            "\""sv,
            "'"sv,
            "''"sv,
            "\\"sv,
            "\\n"sv,
            "\\x41"sv,
            "\\u00e9"sv,
            "\\ud83d"sv,
            "\\/"sv,
            "["sv,
            "]"sv,
            "{"sv,
            "}"sv,
            "{}"sv,
            "[]"sv,
            ","sv,
            ", "sv,
            "|"sv,
            "|-"sv,
            "|+"sv,
            ">"sv,
            ">-"sv,
            "|2"sv,
            ">1"sv,
            "&a "sv,
            "*a"sv,
            "&b"sv,
            "*b "sv,
            "!"sv,
            "!!str "sv,
            "!!int "sv,
            "!!float "sv,
            "!!binary "sv,
            "!!null "sv,
            "!!timestamp "sv,
            "!<x> "sv,
            "!e!x "sv,
            "---\n"sv,
            "\n---\n"sv,
            "...\n"sv,
            "\n...\n"sv,
            "--- "sv,
            "%YAML 1.1\n---\n"sv,
            "%YAML 1.2\n---\n"sv,
            "%TAG !e! tag:x,1:\n---\n"sv,
            "<<: "sv,
            "<<: *a\n"sv,
            "@"sv,
            "`"sv,
            "%"sv,
            "~"sv,
            "null"sv,
            "true"sv,
            "y"sv,
            "on: "sv,
            "1"sv,
            "0x1F"sv,
            "0777"sv,
            "1_000"sv,
            "1.5"sv,
            ".5"sv,
            "1e3"sv,
            ".inf"sv,
            ".nan"sv,
            "1:30"sv,
            "2020-01-02"sv,
            "2001-12-14t21:59:43.10-05:00"sv,
            "="sv,
            "<<"sv,
            "\xC2\x85"sv,
            "\xE2\x80\xA8"sv,
            "\xE2\x80\xA9"sv,
            "\xEF\xBB\xBF"sv,
            "\xC3\xA9"sv,
            "\xF0\x9F\x98\x80"sv,
            "\xFF"sv,
            "\x01"sv,
            "\x7F"sv,
            "a: b"sv,
            "k: |\n  t\n"sv,
            "x"sv,
            "''"sv,
            "a"sv,
            "- - "sv,
            "-1"sv,
            "+"sv,
            "18446744073709551615"sv,
        };
        switch (below(10)) {
        case 0:
        case 1:
        case 2:
        case 3: text.insert(place(text), kPieces[below(std::size(kPieces))]); return;
        case 4:
            if (!text.empty())
                text.erase(below(text.size()), 1 + below(3));
            return;
        case 5: {
            const std::size_t from = place(text);
            text.erase(from, below(12));
            return;
        }
        case 6: {
            const std::size_t from = place(text);
            const std::string copy = text.substr(from, 1 + below(20));
            text.insert(place(text), copy);
            return;
        }
        case 7: {
            const std::string &other = sources[below(sources.size())];
            text.insert(place(text), other.substr(place(other), 1 + below(40)));
            return;
        }
        case 8: indentLine(text); return;
        default: copyLine(text); return;
        }
    }

    std::size_t lineStart(const std::string &text)
    {
        const std::size_t found = text.rfind('\n', place(text));
        return found == std::string::npos ? 0 : found + 1;
    }
    void indentLine(std::string &text)
    {
        const std::size_t start = lineStart(text);
        if (below(2) == 0 && start < text.size() && text[start] == ' ')
            text.erase(start, 1 + below(2));
        else
            text.insert(start, 1 + below(3), ' ');
    }
    void copyLine(std::string &text)
    {
        const std::size_t start = lineStart(text);
        const std::size_t end = text.find('\n', start);
        const std::string line = text.substr(start, end == std::string::npos ? end : end + 1 - start);
        text.insert(lineStart(text), line);
    }

    std::uint64_t m_state;
};

} // namespace tiphys::fidelity
