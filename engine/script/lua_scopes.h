// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::script {

/// What a function of a script declares, so far as gopher-lua's compiler complains of it: `break` without a loop, `...`
/// where there is none, labels and jumps. Told in the order of the script.
/// Source: github.com/yuin/gopher-lua compile.go@v1.1.2
class LuaScopes
{
public:
    explicit LuaScopes(std::string_view source) : m_source(source) {}

    enum class Arguments { Fixed, Variable };
    enum class Block { Plain, Loop };
    enum class Behind { Nothing, Condition }; ///< of `repeat`, which sees the block's variables

    void enterFunction(Arguments arguments);
    /// \p lastLine is that of its `end`.
    void leaveFunction(int lastLine);
    void enterBlock(Block block);
    void leaveBlock();
    void declare(std::string_view name);

    void statement();
    void endStatements(Behind behind);
    void label(std::string_view name, int line);
    void jump(std::string_view name, int line);
    void leaveLoop(int line);
    void spread(int line);

    /// The first complaint, "" if there is none.
    const std::string &problem() const { return m_problem; }

private:
    struct Label
    {
        std::string name;
        int line = 0;
        std::size_t variables = 0; ///< declared before it, in the function
    };
    struct Scope
    {
        bool isLoop = false;
        std::size_t firstJump = 0;
        std::vector<std::string> variables;
        std::vector<Label> labels;
        std::vector<Label> waiting; ///< labels behind which no statement came yet
    };
    struct Function
    {
        bool hasArguments = false;
        std::vector<Scope> scopes;
        std::vector<std::optional<Label>> jumps; ///< those that found their label are empty
    };

    void complain(int line, const std::string &what);
    static std::size_t countVariables(const Function &function, std::size_t scopes);
    static const Label *find(const Scope &scope, std::string_view name);
    void settle(bool isLast);
    void resolve(std::size_t jump, const Label &label);

    std::string_view m_source;
    std::vector<Function> m_functions;
    std::string m_problem;
};

} // namespace tiphys::script
