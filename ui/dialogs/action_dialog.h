// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/resource_actions.h"
#include "service/service.h"
#include "ui/dialogs/writing_dialog.h"

#include <QTimer>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace tiphys::ui {

class Banner;
class DiffView;
class TextLabel;
class TypedConfirmation;
class YamlHighlighter;

/// A resource action before it is done: its parameters, what will be written, and what happens next.
class ActionDialog final : public WritingDialog
{
    Q_OBJECT

public:
    ActionDialog(service::Service &service, service::ResourceActions &actions, const service::AppId &app,
                 const object::ObjectKey &key, const service::OfferedAction &offered, QWidget *parent = nullptr);

    QPushButton *runButton() const { return m_run; }
    /// The field of the parameter \p name; null for another.
    QLineEdit *field(const QString &name) const;
    TypedConfirmation *confirmation() const { return m_confirmation; }
    /// What will be sent, as YAML.
    QString patchText() const;
    DiffView *diffView() const { return m_diff; }
    QString problem() const;
    /// What was copied last, in words.
    QString notice() const;
    bool hasPreview() const { return m_hasPreview; }

Q_SIGNALS:
    /// The preview, or why there is none, is shown.
    void previewShown();
    /// It was done; one sentence for the person.
    void done(const QString &text);

protected:
    void changeEvent(QEvent *event) override;

private:
    enum class Pane { Difference, Patch };
    void build();
    QWidget *buildForm();
    QWidget *buildPreview();
    service::ActionRequest request() const;
    void ask();
    void showPreview(const service::ActionPreview &preview);
    void showStep(int step);
    void showFailure(const Error &error);
    void updateButton();
    void run();
    void recolour();

    service::ResourceActions &m_actions;
    service::AppId m_app;
    object::ObjectKey m_key;
    service::OfferedAction m_offered;
    service::ActionPreview m_preview;
    bool m_hasPreview = false;
    bool m_isRepeated = false; ///< the object changed: this preview is a second one
    int m_asked = 0;
    QTimer m_delay; ///< typing asks once, not per key
    QList<QLineEdit *> m_fields;

    Banner *m_banner;
    TextLabel *m_summary;
    QComboBox *m_steps;
    QTabBar *m_tabs;
    QStackedWidget *m_panes;
    DiffView *m_diff;
    QPlainTextEdit *m_patch;
    YamlHighlighter *m_highlighter;
    TypedConfirmation *m_confirmation;
    TextLabel *m_notice; ///< what was copied
    QPushButton *m_run;
};

} // namespace tiphys::ui
