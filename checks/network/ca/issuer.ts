/** Names in the certificates of programs that decrypt TLS in order to look inside. */
const INSPECTORS =
  /mitmproxy|zscaler|netskope|palo alto|forti(?:net|gate)|blue ?coat|forcepoint|websense|umbrella|opendns|sophos|check ?point|barracuda|cato networks|iboss|mcafee|trellix|charles proxy|fiddler|do_not_trust|portswigger|kaspersky|avast|\bavg\b|\beset\b|bitdefender|adguard|squid|gateway ca/i;
/** Organisations and brands in the issuers of certificates for public web sites. */
const PUBLIC =
  /let's encrypt|internet security research|google trust services|digicert|geotrust|thawte|rapidssl|sectigo|comodo|usertrust|zerossl|globalsign|amazon|entrust|godaddy|starfield|ssl\.com|ssl corp|microsoft|apple|certum|asseco|buypass|actalis|identrust|cloudflare|quovadis|swisssign|harica|telekom|d-trust|certigna|secom|trustwave|baltimore/i;

/** What the name of an issuer tells about who stands behind it. */
export type IssuerKind = 'inspector' | 'public' | 'unknown';

/** @param name a distinguished name such as `O=mitmproxy, CN=mitmproxy` */
export function kindOfIssuer(name: string): IssuerKind {
  if (INSPECTORS.test(name)) return 'inspector';
  return PUBLIC.test(name) ? 'public' : 'unknown';
}
