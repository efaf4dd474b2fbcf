// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/machine_choices.h"
#include "service/service.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;

namespace tiphys::ui {

class TextLabel;

/// What renders a source on this machine: this program, or helm or kustomize in its place. Shown and chosen for one application.
class RendererChoice final : public QWidget
{
    Q_OBJECT

public:
    /// Hidden where \p service knows no choices of this machine (a recorded service).
    explicit RendererChoice(service::Service &service, QWidget *parent = nullptr);

    /// \p tool is that of the source that is shown: "Helm", "Kustomize", "Directory", "Plugin", or "" while it is not known.
    void show(const std::string &application, const std::string &tool);
    /// Asks the engine again: the settings may have changed.
    void ask();

    QComboBox *box() const { return m_box; }
    QString note() const;

Q_SIGNALS:
    /// Another tool renders from now on; one sentence.
    void noticed(const QString &text);
    void failed(const QString &text);

private:
    void renew();
    void choose(bool areUsed);

    service::MachineChoices *m_choices;
    std::string m_application;
    std::string m_tool;
    std::optional<service::ToolUse> m_use; ///< of that application
    QString m_problem;                     ///< why that is not known
    int m_asked = 0;                       ///< questions, of which only the newest answer counts
    QLabel *m_label;
    QComboBox *m_box;
    TextLabel *m_note;
};

} // namespace tiphys::ui
