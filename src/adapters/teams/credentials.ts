import { type ServiceClientCredentials, ServiceClientCredentialsFactory } from 'botframework-connector';

/**
 * Hands botbuilder our own token source, so that its built-in one stays unused: that one fetches a federated
 * assertion once and keeps it for ever.
 */
export class OwnCredentials extends ServiceClientCredentialsFactory {
  private readonly appId: string;
  private readonly token: () => Promise<string>;

  constructor(appId: string, token: () => Promise<string>) {
    super();
    this.appId = appId;
    this.token = token;
  }

  override isValidAppId(id: string): Promise<boolean> {
    return Promise.resolve(id === this.appId);
  }

  /** Never, whatever the configuration: botbuilder without an app id would take everybody for a person of the tenant. */
  override isAuthenticationDisabled(): Promise<boolean> {
    return Promise.resolve(false);
  }

  override createCredentials(): Promise<ServiceClientCredentials> {
    const { token } = this;
    return Promise.resolve({
      async signRequest(request) {
        request.headers.set('authorization', `Bearer ${await token()}`);
        return request;
      },
    });
  }
}
