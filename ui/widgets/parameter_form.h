// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/source_draft.h"

#include <QHash>
#include <QWidget>

#include <functional>
#include <vector>

class QFormLayout;
class QLabel;
class QToolButton;

namespace tiphys::models {
class ParameterTable;
}

namespace tiphys::ui {

class TextLabel;

/// The parameters of one source to edit. Shows a draft that belongs to somebody else, and tells when a person changed it.
class ParameterForm final : public QWidget
{
    Q_OBJECT

public:
    explicit ParameterForm(QWidget *parent = nullptr);

    /// Shows \p draft, which must stay until another one is shown. Editors whose field is unchanged are left alone.
    void show(models::SourceDraft *draft, bool isEditable);
    /// What the chart brings itself, by the names of parameters.
    void setDefaults(const QHash<QString, QString> &defaults);
    /// Where the keyboard begins; null while there are no parameters.
    QWidget *firstEditor() const { return m_editors.empty() ? nullptr : m_editors.front().widget; }
    /// The editor of the parameter \p name ("helm.releaseName"); null if there is none.
    QWidget *editor(const QString &name) const;

Q_SIGNALS:
    void edited();

private:
    struct Editor
    {
        std::string name;
        QLabel *label;
        QWidget *widget;
        std::function<void(const service::ParameterField &)> set;
        std::function<void(bool)> setEditable;
    };
    void build();
    void addEditor(QFormLayout *rows, const service::ParameterField &field);
    Editor textEditor(const service::ParameterField &field);
    Editor switchEditor(const service::ParameterField &field);
    Editor linesEditor(const service::ParameterField &field);
    Editor yamlEditor(const service::ParameterField &field);
    Editor tableEditor(const service::ParameterField &field);
    void take(service::ParameterField field);
    void showChanged();

    models::SourceDraft *m_draft = nullptr;
    std::vector<std::string> m_shape; ///< names of the fields that there are editors for
    std::vector<Editor> m_editors;
    models::ParameterTable *m_helmParameters = nullptr;
    QWidget *m_content = nullptr;
    bool m_isShowing = false;
};

} // namespace tiphys::ui
