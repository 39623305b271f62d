using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>The Kubernetes API without kubectl, where hundreds of calls are to be in flight at once; the administrator's token.</summary>
public sealed class ApiClient : IDisposable
{
    readonly HttpClient _http;

    /// <summary>A client of an engine as it runs now: another start has another port.</summary>
    public ApiClient(Engine engine)
    {
        _http = Unknown(engine);
        _http.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(Path.Combine(engine.DataRoot, "kube", "token")).Trim());
    }

    /// <summary>A client that shows nothing of itself, and trusts the engine's authority alone.</summary>
    public static HttpClient Unknown(Engine engine)
    {
        var lines = File.ReadAllLines(Path.Combine(engine.ExecRoot, "kubeconfig"));
        var address = lines.Single(static line => line.Contains("server:", StringComparison.Ordinal)).Split("server:")[1].Trim();
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(engine.DataRoot, "kube", "ca.crt")));
        return new HttpClient(handler) { BaseAddress = new Uri(address) };
    }

    /// <summary>The items of a list.</summary>
    public async Task<JsonNode[]> ListAsync(string path) =>
        [.. JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken))!["items"]!.AsArray().Select(static item => item!)];

    /// <summary>Creates an object; that it is there already is as good. False: the engine went down under the call.</summary>
    public Task<bool> CreateAsync(string path, string json)
    {
        var content = new StringContent(json, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, 409);
    }

    /// <summary>Deletes an object; that it is gone already is as good. False: the engine went down under the call.</summary>
    public Task<bool> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), 404);

    /// <summary>Sends a request, and returns the answer whatever it is: its status, its type, its text.</summary>
    public async Task<(int Status, string Type, string Text)> SendAsync(HttpMethod method, string path, string? type = null, string? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type!);
        }

        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    async Task<bool> SendAsync(HttpRequestMessage request, int asGood)
    {
        using (request)
        {
            try
            {
                using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
                if ((int)answer.StatusCode == asGood) return true;
                // A daemon that dies may still say that its store is closed.
                if ((int)answer.StatusCode >= 500) return false;
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }
}
