// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/source_parameters.h"
#include "ui/dialogs/writing_dialog.h"

class QPushButton;
class QStackedWidget;
class QTabBar;

namespace tiphys::ui {

class Banner;
class DiffPane;
class DiffView;
class Settings;
class TextLabel;
class TypedConfirmation;

/// Changed parameters before they are saved: what is stored then, what is rendered differently, who may undo it, and whether Argo
/// CD would take it. What it would refuse is saved only where the person says so.
class ParametersDialog final : public WritingDialog
{
    Q_OBJECT

public:
    ParametersDialog(service::Service &service, service::SourceParameters &parameters, Settings &settings,
                     QWidget *parent = nullptr);

    /// What would be saved; set anew when the source was changed by somebody else.
    void setRequest(const service::SourceEditRequest &request);
    const service::SourceEditRequest &request() const { return m_request; }

    QPushButton *saveButton() const { return m_save; }
    TypedConfirmation *confirmation() const { return m_confirmation; }
    DiffView *storedView() const { return m_stored; }
    DiffPane *renderedPane() const { return m_rendered; }
    QTabBar *tabs() const { return m_tabs; }
    QString problem() const;
    /// What was copied last, in words.
    QString notice() const;
    bool hasPreview() const { return m_hasPreview; }
    /// The check of what would be stored: its words, and the button that ends it or makes it again.
    QString checkText() const;
    QPushButton *checkButton() const { return m_checkAct; }
    bool isChecking() const { return m_check == Check::Running; }

Q_SIGNALS:
    /// The preview, or why there is none, is shown.
    void previewShown();
    /// What Argo CD would say, or why that is not known, is shown.
    void checked();
    /// The source is no longer as it was seen; nothing was written.
    void isStale();
    /// It was written; one sentence for the person.
    void saved(const QString &text);

private:
    enum class Check {
        Running,
        Stopped, ///< by the person
        Failed,  ///< nobody could be asked
        Refused,
        Taken,
    };
    void build();
    void check();
    void endCheck();
    void showCheck();
    void showBanner();
    void showPreview(const service::SourcePreview &preview);
    void showFailure(const Error &error);
    void updateButton();
    void save();

    service::Service &m_service;
    service::SourceParameters &m_parameters;
    service::SourceEditRequest m_request;
    service::SourcePreview m_preview;
    bool m_hasPreview = false;
    bool m_isRepeated = false; ///< the source changed: this preview is a second one
    int m_asked = 0;
    Check m_check = Check::Running;
    service::SourceVerdict m_verdict; ///< of Refused and Taken
    QString m_checkProblem;           ///< of Failed
    int m_askedCheck = 0;

    TextLabel *m_title;
    Banner *m_banner;
    TextLabel *m_summary;
    TextLabel *m_checkText;
    QPushButton *m_checkAct;
    QTabBar *m_tabs;
    QStackedWidget *m_panes;
    DiffView *m_stored;
    DiffPane *m_rendered;
    TypedConfirmation *m_confirmation;
    TextLabel *m_notice; ///< what was copied
    QPushButton *m_save;
};

} // namespace tiphys::ui
