// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/jq_path_parser.h"

#include <charconv>

namespace tiphys::script {

using object::Value;

namespace {

using Condition = JqPath::Condition;
using Step = JqPath::Step;
using Steps = JqPath::Steps;
using ConditionPtr = std::shared_ptr<const Condition>;

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isNameCharacter(char c)
{
    return isNameStart(c) || (c >= '0' && c <= '9');
}

/// Recursive descent over the simple part of jq; every function gives nothing for what it does not know.
class Parser
{
public:
    explicit Parser(std::string_view text) : m_rest(text) {}

    std::optional<std::vector<Steps>> program()
    {
        std::vector<Steps> alternatives;
        do {
            std::optional<Steps> steps = pipeline();
            if (!steps)
                return std::nullopt;
            alternatives.push_back(std::move(*steps));
        } while (take(","));
        skipSpace();
        // A pipe binds weaker than a comma: `.a, .b | .c` is not two separate paths.
        if (!m_rest.empty() || (alternatives.size() > 1 && m_hasPipe))
            return std::nullopt;
        return alternatives;
    }

private:
    void skipSpace()
    {
        while (!m_rest.empty() && (m_rest[0] == ' ' || m_rest[0] == '\t' || m_rest[0] == '\n' || m_rest[0] == '\r'))
            m_rest.remove_prefix(1);
    }
    bool take(std::string_view token)
    {
        skipSpace();
        if (!m_rest.starts_with(token))
            return false;
        m_rest.remove_prefix(token.size());
        return true;
    }
    bool takeWord(std::string_view word)
    {
        skipSpace();
        if (!m_rest.starts_with(word) || (m_rest.size() > word.size() && isNameCharacter(m_rest[word.size()])))
            return false;
        m_rest.remove_prefix(word.size());
        return true;
    }
    std::optional<std::string> text()
    {
        skipSpace();
        if (!m_rest.starts_with('"'))
            return std::nullopt;
        std::string result;
        for (std::size_t i = 1; i < m_rest.size(); ++i) {
            const char c = m_rest[i];
            if (c == '"') {
                m_rest.remove_prefix(i + 1);
                return result;
            }
            if (c != '\\') {
                result += c;
                continue;
            }
            if (++i >= m_rest.size())
                return std::nullopt;
            switch (m_rest[i]) {
            case '"':
            case '\\':
            case '/': result += m_rest[i]; break;
            case 'n': result += '\n'; break;
            case 't': result += '\t'; break;
            case 'r': result += '\r'; break;
            default: return std::nullopt; // interpolation and \u: not simple
            }
        }
        return std::nullopt;
    }
    std::optional<std::int64_t> integer()
    {
        skipSpace();
        std::int64_t number = 0;
        const char *end = m_rest.data() + m_rest.size();
        const auto [stop, fault] = std::from_chars(m_rest.data(), end, number);
        if (fault != std::errc() || (stop != end && (*stop == '.' || *stop == 'e' || *stop == 'E')))
            return std::nullopt;
        m_rest.remove_prefix(static_cast<std::size_t>(stop - m_rest.data()));
        return number;
    }

    std::optional<Steps> pipeline()
    {
        Steps all;
        do {
            std::optional<Steps> part = term();
            if (!part)
                return std::nullopt;
            all.insert(all.end(), part->begin(), part->end());
        } while (takePipe());
        return all;
    }
    bool takePipe()
    {
        const bool isPipe = take("|") && !m_rest.starts_with('=');
        m_hasPipe = m_hasPipe || isPipe;
        return isPipe;
    }
    std::optional<Steps> term()
    {
        if (takeWord("select"))
            return selection();
        return path();
    }
    std::optional<Steps> selection()
    {
        if (!take("("))
            return std::nullopt;
        const bool hadPipe = m_hasPipe;
        ConditionPtr condition = disjunction();
        m_hasPipe = hadPipe;
        if (!condition || !take(")"))
            return std::nullopt;
        return Steps{Step{.kind = Step::Kind::Select, .condition = std::move(condition)}};
    }
    std::optional<Steps> path()
    {
        if (!take(".") || m_rest.starts_with('.'))
            return std::nullopt;
        Steps steps;
        if (!m_rest.empty() && (isNameStart(m_rest[0]) || m_rest[0] == '"')) {
            if (!member(steps))
                return std::nullopt;
        }
        while (true) {
            if (m_rest.starts_with('[')) {
                if (!bracket(steps))
                    return std::nullopt;
            } else if (m_rest.starts_with('.') && m_rest.size() > 1
                       && (isNameStart(m_rest[1]) || m_rest[1] == '"' || m_rest[1] == '[')) {
                m_rest.remove_prefix(1);
                if (!m_rest.starts_with('[') && !member(steps))
                    return std::nullopt;
            } else if (m_rest.starts_with('?') && !steps.empty()) {
                m_rest.remove_prefix(1);
                // `?` covers the whole path before it.
                for (Step &step : steps)
                    step.isOptional = true;
            } else {
                break;
            }
        }
        if (m_rest.starts_with('.'))
            return std::nullopt;
        return steps;
    }
    bool member(Steps &steps)
    {
        Step step{.kind = Step::Kind::Member};
        if (m_rest.starts_with('"')) {
            std::optional<std::string> name = text();
            if (!name)
                return false;
            step.member = std::move(*name);
        } else {
            std::size_t size = 0;
            while (size < m_rest.size() && isNameCharacter(m_rest[size]))
                ++size;
            step.member = m_rest.substr(0, size);
            m_rest.remove_prefix(size);
        }
        steps.push_back(std::move(step));
        return true;
    }
    bool bracket(Steps &steps)
    {
        m_rest.remove_prefix(1);
        Step step;
        skipSpace();
        if (m_rest.starts_with('"')) {
            std::optional<std::string> name = text();
            if (!name)
                return false;
            step = {.kind = Step::Kind::Member, .member = std::move(*name)};
        } else if (!m_rest.starts_with(']')) {
            const std::optional<std::int64_t> index = integer();
            if (!index)
                return false;
            step = {.kind = Step::Kind::Index, .index = *index};
        }
        steps.push_back(std::move(step));
        return take("]");
    }

    ConditionPtr joined(Condition::Kind kind, std::string_view word, ConditionPtr (Parser::*part)())
    {
        std::vector<ConditionPtr> parts;
        do {
            ConditionPtr condition = (this->*part)();
            if (!condition)
                return nullptr;
            parts.push_back(std::move(condition));
        } while (takeWord(word));
        if (parts.size() == 1)
            return parts.front();
        return std::make_shared<Condition>(Condition{.kind = kind, .parts = std::move(parts)});
    }
    ConditionPtr disjunction() { return joined(Condition::Kind::Or, "or", &Parser::conjunction); }
    ConditionPtr conjunction() { return joined(Condition::Kind::And, "and", &Parser::comparison); }
    ConditionPtr comparison()
    {
        if (take("(")) {
            ConditionPtr inner = disjunction();
            if (!inner || !take(")"))
                return nullptr;
            return withNot(std::move(inner));
        }
        std::optional<Steps> left = path();
        if (!left)
            return nullptr;
        Condition condition{.kind = Condition::Kind::Truthy, .path = std::move(*left)};
        const bool isEqual = take("==");
        if (isEqual || take("!=")) {
            condition.kind = isEqual ? Condition::Kind::Equal : Condition::Kind::Unequal;
            if (!rightSide(condition))
                return nullptr;
            return std::make_shared<Condition>(std::move(condition));
        }
        while (true) {
            const std::string_view before = m_rest;
            if (!take("|"))
                break;
            if (takeWord("not")) {
                auto inner = std::make_shared<Condition>(std::move(condition));
                return std::make_shared<Condition>(
                    Condition{.kind = Condition::Kind::Not, .parts = {std::move(inner)}});
            }
            if (condition.kind != Condition::Kind::Truthy || !call(condition)) {
                m_rest = before;
                return nullptr;
            }
        }
        return std::make_shared<Condition>(std::move(condition));
    }
    ConditionPtr withNot(ConditionPtr inner)
    {
        const std::string_view before = m_rest;
        if (take("|") && takeWord("not"))
            return std::make_shared<Condition>(Condition{.kind = Condition::Kind::Not, .parts = {std::move(inner)}});
        m_rest = before;
        return inner;
    }
    bool call(Condition &condition)
    {
        struct Function
        {
            std::string_view name;
            Condition::Kind kind;
        };
        constexpr Function functions[] = {{"has", Condition::Kind::Has},
                                          {"startswith", Condition::Kind::StartsWith},
                                          {"endswith", Condition::Kind::EndsWith},
                                          {"contains", Condition::Kind::Contains}};
        for (const Function &function : functions) {
            if (!takeWord(function.name))
                continue;
            const std::optional<std::string> argument = take("(") ? text() : std::nullopt;
            if (!argument || !take(")"))
                return false;
            condition.kind = function.kind;
            condition.literal = Value(*argument);
            return true;
        }
        return false;
    }
    bool rightSide(Condition &condition)
    {
        skipSpace();
        if (m_rest.starts_with('.')) {
            condition.otherPath = path();
            return condition.otherPath.has_value();
        }
        if (std::optional<std::string> string = text())
            condition.literal = Value(*string);
        else if (takeWord("true"))
            condition.literal = Value(true);
        else if (takeWord("false"))
            condition.literal = Value(false);
        else if (takeWord("null"))
            condition.literal = Value();
        else if (const std::optional<std::int64_t> number = integer())
            condition.literal = Value(*number);
        else
            return false;
        return true;
    }

    std::string_view m_rest;
    bool m_hasPipe = false;
};

} // namespace

std::optional<std::vector<Steps>> parsedJqPath(std::string_view program)
{
    return Parser(program).program();
}

} // namespace tiphys::script
