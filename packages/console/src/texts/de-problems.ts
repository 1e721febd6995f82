import type { ProblemTexts } from './problem-texts.ts'

/** Every problem in German: one that has no text here yet is an error of types. */
export const problems: ProblemTexts = {
  'invalid-request': {
    title: 'Die Anfrage ist nicht, wie die API sie erwartet',
    advice: 'Sehen Sie nach, was bei den einzelnen Feldern steht.',
  },
  'invalid-json': {
    title: 'Der Inhalt ist kein gültiges JSON',
    advice: 'Senden Sie ein JSON-Objekt mit Content-Type application/json.',
  },
  'invalid-cursor': {
    title: 'Die Marke gehört nicht zu dieser Liste',
    advice: 'Beginnen Sie wieder auf der ersten Seite.',
  },
  'route-not-found': {
    title: 'Diese Adresse gibt es nicht',
    advice: 'Welche es gibt, steht unter /api/v1/openapi.json.',
  },
  'method-not-allowed': {
    title: 'Diese Adresse kennt diese Methode nicht',
    advice: 'Verwenden Sie eine der Methoden im Allow-Header.',
  },
  'body-too-large': { title: 'Der Inhalt ist zu groß', advice: 'Senden Sie höchstens 1 MiB JSON.' },
  'unsupported-media-type': {
    title: 'Diese Adresse nimmt Inhalte dieser Art nicht',
    advice: 'Senden Sie JSON mit Content-Type application/json.',
  },
  'request-timeout': {
    title: 'Die Anfrage kam nicht rechtzeitig an',
    advice: 'Versuchen Sie es noch einmal.',
  },
  'not-signed-in': { title: 'Sie sind nicht angemeldet', advice: 'Melden Sie sich an.' },
  'api-key-invalid': {
    title: 'Dieser API-Schlüssel ist nicht gültig',
    advice: 'Prüfen Sie ihn, oder erstellen Sie einen mit `granary api-key create`.',
  },
  'sign-in-failed': {
    title: 'E-Mail und Passwort passen nicht zusammen',
    advice: 'Prüfen Sie beides und versuchen Sie es noch einmal.',
  },
  'looking-only': {
    title: 'Sie sehen sich nur um',
    advice: 'Beenden Sie das, und handeln Sie stellvertretend, wenn Sie etwas ändern wollen.',
  },
  'second-factor-needed': {
    title: 'Zusätzlich wird ein Code gebraucht',
    advice: 'Geben Sie den Code Ihrer Authenticator-App ein, oder einen Ihrer Wiederherstellungscodes.',
  },
  'second-factor-wrong': {
    title: 'Dieser Code ist falsch oder schon verwendet',
    advice:
      'Warten Sie auf den nächsten Code Ihrer Authenticator-App, oder verwenden Sie einen Wiederherstellungscode.',
  },
  'password-wrong': {
    title: 'Das ist nicht Ihr Passwort',
    advice: 'Geben Sie das Passwort ein, mit dem Sie sich anmelden.',
  },
  'passkey-refused': {
    title: 'Dieser Passkey wurde nicht angenommen',
    advice: 'Versuchen Sie es noch einmal, oder melden Sie sich mit Passwort an.',
  },
  'oidc-not-set-up': {
    title: 'Die Anmeldung über einen Identitätsanbieter ist nicht eingerichtet',
    advice: 'Melden Sie sich mit Passwort an, oder fragen Sie die Serververwaltung.',
  },
  'oidc-refused': {
    title: 'Der Identitätsanbieter hat Sie nicht angemeldet',
    advice: 'Versuchen Sie es von der Anmeldeseite aus noch einmal.',
  },
  'oidc-no-user': {
    title: 'Niemand hier hat Ihre Adresse',
    advice:
      'Lassen Sie die Adresse einladen, unter der Ihr Identitätsanbieter Sie kennt; haben Sie dort ein neues Konto, lassen Sie sich hier zuvor löschen.',
  },
  'oidc-unreachable': {
    title: 'Der Identitätsanbieter antwortet nicht als solcher',
    advice: 'Prüfen Sie die Adresse des Ausstellers und versuchen Sie es noch einmal.',
  },
  'too-many-attempts': {
    title: 'Zu viele Versuche',
    advice: 'Warten Sie eine Minute und versuchen Sie es noch einmal.',
  },
  'not-permitted': {
    title: 'Ihre Rolle erlaubt das nicht',
    advice: 'Lassen Sie es jemanden mit Adminrolle tun, oder Ihre Rolle ändern.',
  },
  'foreign-origin': {
    title: 'Die Anfrage kommt von einer anderen Website',
    advice: 'Verwenden Sie die Konsole unter ihrer eigenen Adresse.',
  },
  'setup-link-invalid': {
    title: 'Dieser Link ist verbraucht oder abgelaufen',
    advice: 'Rufen Sie auf dem Server `granary admin reset` auf, um einen neuen zu bekommen.',
  },
  'link-invalid': {
    title: 'Dieser Link ist verbraucht oder abgelaufen',
    advice:
      'Bitten Sie um einen neuen: eine Einladung bei dem, der Sie eingeladen hat, einen Passwort-Link unter „Passwort vergessen?“.',
  },
  'unsubscribe-link-invalid': {
    title: 'Dieser Link bestellt nichts ab',
    advice: 'Öffnen Sie den Link so, wie er in der Mail steht, oder wählen Sie Ihre Mails unter „Ihr Konto“.',
  },
  'reseller-not-found': {
    title: 'Diesen Reseller gibt es nicht',
    advice: 'Vielleicht wurde er gelöscht. Laden Sie die Liste neu.',
  },
  'customer-not-found': {
    title: 'Diesen Kunden gibt es nicht',
    advice: 'Vielleicht wurde er gelöscht. Laden Sie die Liste neu.',
  },
  'client-not-found': {
    title: 'Diesen Client gibt es nicht',
    advice: 'Vielleicht wurde er gelöscht. Laden Sie die Liste neu.',
  },
  'waiting-client-not-found': {
    title: 'Hier wartet niemand mehr',
    advice: 'Vielleicht wurde er zugelassen. Laden Sie die Liste neu.',
  },
  'plugin-not-found': {
    title: 'Dieses Plug-in gibt es nicht',
    advice: 'Vielleicht wurde es entfernt. Laden Sie die Liste der Plug-ins in der Lizenzverwaltung neu.',
  },
  'plugin-retired': {
    title: 'Dieses Plug-in ist zurückgezogen',
    advice:
      'Clients, die es haben, behalten es, und kein anderer bekommt es. Bieten Sie es zuerst in der Lizenzverwaltung wieder an.',
  },
  'plugin-in-use': {
    title: 'Clients haben dieses Plug-in',
    advice: 'Nehmen Sie es zuerst seinen Clients.',
  },
  'plugin-key-taken': {
    title: 'Dieser Schlüssel ist vergeben',
    advice: 'Wählen Sie einen anderen Schlüssel für das Plug-in.',
  },
  'api-key-not-found': {
    title: 'Diesen API-Schlüssel gibt es nicht',
    advice: 'Vielleicht wurde er widerrufen. Laden Sie die Liste neu.',
  },
  'user-not-found': {
    title: 'Diesen Benutzer gibt es nicht',
    advice: 'Vielleicht wurde er gelöscht. Laden Sie die Liste neu.',
  },
  'webhook-not-found': {
    title: 'Diesen Webhook gibt es nicht',
    advice: 'Vielleicht wurde er entfernt. Laden Sie die Liste neu.',
  },
  'email-taken': {
    title: 'Diese E-Mail-Adresse ist vergeben',
    advice: 'Jeder meldet sich mit einer eigenen Adresse an. Wählen Sie eine andere.',
  },
  'last-administrator': {
    title: 'Das ist das letzte Konto mit Adminrolle auf diesem Server',
    advice: 'Geben Sie zuerst jemand anderem die Adminrolle.',
  },
  'own-account': {
    title: 'Das ist Ihr eigenes Konto',
    advice: 'Bitten Sie jemand anderen mit Adminrolle, damit sich niemand selbst aussperrt.',
  },
  'logo-not-found': {
    title: 'Dieses Logo gibt es nicht',
    advice: 'Vielleicht wurde es ersetzt. Laden Sie die Seite neu.',
  },
  'deletion-not-found': { title: 'Diese Löschung gibt es nicht', advice: 'Laden Sie den Löschbericht neu.' },
  'undeletion-not-found': {
    title: 'Dieses Zurückholen gibt es nicht',
    advice: 'Laden Sie den Löschbericht neu.',
  },
  'version-not-in-trash': {
    title: 'Diese Version ist nicht im Papierkorb',
    advice: 'Vielleicht wurde sie zurückgeholt oder endgültig entfernt. Laden Sie die Liste neu.',
  },
  'not-in-trash': {
    title: 'Nichts davon ist im Papierkorb',
    advice:
      'Es wurde schon zurückgeholt, endgültig entfernt oder abgewiesen. Laden Sie den Löschbericht neu.',
  },
  'parent-deleted': {
    title: 'Wozu es gehörte, ist ebenfalls gelöscht',
    advice: 'Holen Sie zuerst das zurück.',
  },
  'undelete-running': {
    title: 'In diesem Vault wird gerade etwas zurückgeholt',
    advice: 'Warten Sie, bis es da ist, und versuchen Sie es noch einmal.',
  },
  'second-person-needed': {
    title: 'Eine zweite Person muss zustimmen',
    advice: 'Sie haben selbst darum gebeten. Jemand anderes mit Adminrolle muss dasselbe entfernen wollen.',
  },
  'purge-not-waiting': {
    title: 'Keine endgültige Entfernung davon wartet auf eine zweite Person',
    advice: 'Ihr wurde inzwischen zugestimmt, oder sie wurde abgelehnt. Laden Sie den Bericht neu.',
  },
  'trash-frozen': {
    title: 'Der Papierkorb dieses Clients ist eingefroren',
    advice:
      'Er zeigt Warnzeichen. Sehen Sie sie auf seiner Seite an, und geben Sie zuerst seinen Papierkorb frei.',
  },
  'trash-purged': {
    title: 'Einiges von dem, was damals da war, ist endgültig entfernt',
    advice: 'Wählen Sie einen späteren Zeitpunkt, oder holen Sie zurück, was noch da ist.',
  },
  'session-not-found': {
    title: 'Diese Sitzung gibt es nicht',
    advice: 'Vielleicht ist sie beendet. Laden Sie die Seite neu.',
  },
  'passkey-not-found': {
    title: 'Diesen Passkey gibt es nicht',
    advice: 'Vielleicht wurde er entfernt. Laden Sie die Seite neu.',
  },
  'name-taken': { title: 'Dieser Name ist vergeben', advice: 'Wählen Sie einen anderen Namen.' },
  'client-id-taken': {
    title: 'Diese Client-ID ist vergeben',
    advice: 'Client-IDs sind auf dem ganzen Server eindeutig. Wählen Sie eine andere.',
  },
  'host-name-taken': {
    title: 'Dieser Hostname ist vergeben',
    advice:
      'Es ist der des Servers selbst, oder ein anderer Reseller wird darunter erreicht. Wählen Sie einen anderen.',
  },
  'url-key-taken': {
    title: 'Dieser URL-Schlüssel ist vergeben',
    advice: 'Wählen Sie einen anderen URL-Schlüssel.',
  },
  'default-is-permanent': {
    title: 'Der Default kann weder gelöscht noch deaktiviert werden',
    advice: 'Verschieben Sie stattdessen, was darin ist.',
  },
  'backup-running': {
    title: 'Darunter läuft gerade ein Backup',
    advice: 'Warten Sie, bis es endet, oder deaktivieren Sie zuerst und versuchen Sie es noch einmal.',
  },
  'state-conflict': {
    title: 'In diesem Zustand geht das nicht',
    advice: 'Laden Sie neu, um den Zustand zu sehen.',
  },
  'mail-not-set-up': {
    title: 'Mail ist nicht eingerichtet',
    advice: 'Tragen Sie zuerst unter Einstellungen → Mail den Mailserver ein.',
  },
  'mail-not-sent': {
    title: 'Der Mailserver hat die Mail nicht angenommen',
    advice: 'Prüfen Sie die Einstellungen und versuchen Sie es noch einmal.',
  },
  'vault-not-found': {
    title: 'Diesen Ort gibt es in keinem Vault',
    advice: 'Prüfen Sie die Adresse des Repositorys: rest:https://…/vault/{Kunde}/{Client}/',
  },
  'object-not-found': {
    title: 'Dieses Objekt gibt es nicht',
    advice: 'Unter diesem Namen ist nichts gespeichert.',
  },
  'credentials-invalid': {
    title: 'Client-ID und Geheimnis passen nicht zusammen',
    advice: 'Prüfen Sie den Benutzernamen (die Client-ID) und das Geheimnis in der Adresse des Repositorys.',
  },
  'pass-key-invalid': {
    title: 'Der Zulassungsschlüssel ist falsch',
    advice: 'Fragen Sie Ihren Anbieter nach dem jetzigen Zulassungsschlüssel.',
  },
  'client-not-admitted': {
    title: 'Diese Client-ID ist nicht zugelassen',
    advice: 'Bitten Sie Ihren Anbieter, sie anzulegen oder die automatische Zulassung einzuschalten.',
  },
  'client-id-elsewhere': {
    title: 'Diese Client-ID gehört einem anderen Kunden',
    advice: 'Client-IDs sind auf dem ganzen Server eindeutig. Wählen Sie eine andere.',
  },
  'client-deactivated': {
    title: 'Dieser Client ist deaktiviert',
    advice: 'Bitten Sie Ihren Anbieter, ihn zu aktivieren. Wiederherstellungen gehen weiter.',
  },
  'customer-deactivated': {
    title: 'Dieser Kunde ist deaktiviert',
    advice: 'Bitten Sie Ihren Anbieter, ihn zu aktivieren. Wiederherstellungen gehen weiter.',
  },
  'reseller-deactivated': {
    title: 'Dieser Reseller ist deaktiviert',
    advice: 'Bitten Sie Ihren Anbieter, ihn zu aktivieren. Wiederherstellungen gehen weiter.',
  },
  'append-only': {
    title: 'Dieser Client kann nur anfügen',
    advice: 'Außer Sperren lässt sich nichts entfernen. Bitten Sie Ihren Anbieter, aufzuräumen.',
  },
  'object-exists': {
    title: 'Dieses Objekt gibt es mit anderem Inhalt',
    advice: 'Gespeichertes wird nie überschrieben. Entfernen Sie es zuerst, wenn Sie es ersetzen wollen.',
  },
  'licence-exhausted': {
    title: 'Für diesen Client ist keine MCAL übrig',
    advice: 'Bitten Sie Ihren Anbieter um weitere MCALs. Wiederherstellungen gehen weiter.',
  },
  'reseller-management-off': {
    title: 'Die Resellerverwaltung ist ausgeschaltet',
    advice: 'Schalten Sie sie zuerst in den Einstellungen ein.',
  },
  'over-allotted': {
    title: 'Damit wäre mehr zugeteilt, als da ist',
    advice:
      'Wählen Sie eine kleinere Grenze, erhöhen Sie die darüber, oder erlauben Sie das in den Einstellungen.',
  },
  'trial-ended': {
    title: 'Der Test dieses Clients ist beendet',
    advice:
      'Bitten Sie Ihren Anbieter, ihn zu verlängern oder zu einem regulären Client zu machen. Wiederherstellungen gehen weiter.',
  },
  'pool-short': {
    title: 'Im Pool sind weniger MCALs übrig',
    advice: 'Nehmen Sie höchstens zurück, was übrig ist.',
  },
  'content-mismatch': {
    title: 'Inhalt und Name passen nicht zusammen',
    advice: 'Der SHA-256 des Empfangenen ist nicht der Name, unter dem es kam. Senden Sie es noch einmal.',
  },
  'body-incomplete': {
    title: 'Der Inhalt brach ab',
    advice: 'Es kamen weniger Bytes an als angekündigt. Senden Sie es noch einmal.',
  },
  'object-too-large': {
    title: 'Dieses Objekt ist größer, als seine Art erlaubt',
    advice: 'Eine Sperre fasst höchstens 1 MiB.',
  },
  'create-parameter-missing': {
    title: 'Ein Repository wird mit ?create=true angelegt',
    advice: 'Verwenden Sie restic init.',
  },
  'range-not-satisfiable': {
    title: 'Der Bereich beginnt hinter dem Ende',
    advice: 'Fragen Sie nach Bytes, die es gibt.',
  },
  'quota-exceeded': {
    title: 'Unter der Grenze ist kein Platz mehr',
    advice: 'Entfernen Sie alte Backups, oder erhöhen Sie den zugeteilten Speicher.',
  },
  'too-many-locks': {
    title: 'Dieser Vault hat so viele Sperren, wie er haben darf',
    advice: 'Entfernen Sie mit restic unlock, was von abgebrochenen Programmen übrig ist.',
  },
  'storage-full': {
    title: 'Der Server hat keinen Platz mehr',
    advice: 'Bitten Sie Ihren Anbieter um mehr Speicherplatz. Was gespeichert ist, bleibt unberührt.',
  },
  'storage-location-missing': {
    title: 'Eine Platte des Servers ist nicht eingehängt',
    advice: 'Bitten Sie Ihren Anbieter, sie einzuhängen. Was gespeichert ist, bleibt unberührt.',
  },
  'server-busy': {
    title: 'Der Server ist ausgelastet oder hält gerade an',
    advice: 'Versuchen Sie es gleich noch einmal.',
  },
  'internal-error': {
    title: 'Auf dem Server ist etwas schiefgegangen',
    advice:
      'Versuchen Sie es noch einmal. Bleibt es dabei, so steht der Grund unter der ID der Anfrage im Protokoll des Servers.',
  },
}
