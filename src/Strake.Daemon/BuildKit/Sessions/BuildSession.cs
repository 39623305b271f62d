using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>A client that is connected: calls to it over the connection that it opened.</summary>
sealed class BuildSession : IBuildSession, IDisposable
{
    /// <summary>As BuildKit's.</summary>
    const int MaxSecretBytes = 500 * 1024;

    /// <summary>As large as messages of BuildKit's clients may be.</summary>
    const int MaxMessageBytes = 16 * 1024 * 1024;

    const string DefaultAgent = "default";

    /// <summary>A person may have to unlock something first.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>How often progress is told.</summary>
    static readonly TimeSpan s_progress = TimeSpan.FromMilliseconds(100);

    readonly SessionOffer offer;
    readonly GrpcChannel channel;
    readonly CancellationTokenSource closed = new();
    readonly GrpcCallOptions brief;
    readonly TimeProvider time;

    /// <summary>Opens the calls' side of a session.</summary>
    /// <param name="offer">What the client says of it.</param>
    /// <param name="connection">The connection; disposed with this.</param>
    /// <param name="time">The clock.</param>
    public BuildSession(SessionOffer offer, Stream connection, TimeProvider time)
    {
        this.offer = offer;
        this.time = time;
        brief = new GrpcCallOptions { Timeout = s_patience };
        channel = GrpcChannel.Over(connection, new GrpcChannelOptions
        {
            MaxMessageBytes = MaxMessageBytes,
            WindowBytes = 4 * 1024 * 1024,
            Time = time,
            // A client that was stopped, or is cut off from the network, ends its build, too.
            KeepAlive = TimeSpan.FromSeconds(10),
            KeepAliveTimeout = TimeSpan.FromSeconds(30),
        });
    }

    /// <inheritdoc/>
    public string Id => offer.Id;

    /// <inheritdoc/>
    public string SharedKey => offer.SharedKey;

    /// <inheritdoc/>
    public CancellationToken Closed => closed.Token;

    /// <summary>Makes the first call, so that the connection is set up: clients close one on which nothing comes.</summary>
    /// <exception cref="GrpcException">The client cannot be reached.</exception>
    public async Task GreetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await GrpcHealth.CheckAsync(channel, service: "", brief, cancellationToken);
        }
        catch (GrpcException e) when (e.Code is GrpcStatusCode.Unimplemented)
        {
            // It has answered, which is all that was asked.
        }
    }

    /// <inheritdoc/>
    public async Task<FileTransferCount> ReceiveFilesAsync(
        FileSync files, IFileTarget target, Action<FileTransferCount>? progress, CancellationToken cancellationToken)
    {
        if (!offer.Methods.Contains(SessionMethods.FileSync)) throw StrakeException.NotSupported("the client of this build offers no local directories");
        try
        {
            await using GrpcCall<FilePacket, FilePacket> call =
                channel.Open(SessionMethods.ReceiveFiles(), new GrpcCallOptions { Metadata = files.ToMetadata() }, cancellationToken);
            var receiver = new FileReceiver(call, call, target, FileLimits.Default, call.Complete);
            using IDisposable? telling = Tell(progress, receiver.Count);
            await receiver.RunAsync(cancellationToken);
            progress?.Invoke(receiver.Count);
            return receiver.Count;
        }
        catch (GrpcException e)
        {
            throw SessionErrors.Of($"the client's directory {files.Directory} cannot be had", e);
        }
    }

    /// <inheritdoc/>
    public async Task<FileTransferCount> SendFilesAsync(
        int output, IFileSource source, Action<FileTransferCount>? progress, CancellationToken cancellationToken)
    {
        RequireOutputs();
        try
        {
            await using GrpcCall<FilePacket, FilePacket> call =
                channel.Open(SessionMethods.SendFiles(), new GrpcCallOptions { Metadata = OutputMetadata(output, []) }, cancellationToken);
            var sender = new FileSender(call, call, source);
            using IDisposable? telling = Tell(progress, sender.Count);
            await sender.RunAsync(cancellationToken);
            call.Complete();
            while (await call.ReadAsync(cancellationToken) is not null)
            {
                // It has nothing to say but how it ended.
            }

            progress?.Invoke(sender.Count);
            return sender.Count;
        }
        catch (GrpcException e)
        {
            throw SessionErrors.Of("the client does not take the output", e);
        }
    }

    /// <inheritdoc/>
    public OutputFile OpenOutput(int output, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        RequireOutputs();
        return new OutputFile(channel.Open(SessionMethods.SendFile, new GrpcCallOptions { Metadata = OutputMetadata(output, metadata) }, cancellationToken));
    }

    /// <inheritdoc/>
    public Stream OpenUpload(Uri url, CancellationToken cancellationToken)
    {
        var metadata = new GrpcMetadata();
        metadata.Add("urlpath", url.AbsolutePath);
        metadata.Add("urlhost", url.Host);
        GrpcCall<BytesMessage, BytesMessage> call = channel.Open(SessionMethods.Pull, new GrpcCallOptions { Metadata = metadata }, cancellationToken);
        call.Complete();
        return new CallStream(call, writer: null, call);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindSecretAsync(string id, CancellationToken cancellationToken)
    {
        GetSecretResponse? secret = await AskAsync($"secret {id} cannot be had", SessionMethods.GetSecret, new GetSecretRequest { Id = id }, cancellationToken);
        if (secret is null) return null;
        if (secret.Data.Length > MaxSecretBytes) throw StrakeException.TooLarge($"secret {id} has {secret.Data.Length} bytes; a secret may have {MaxSecretBytes}");
        return secret.Data.ToByteArray();
    }

    /// <inheritdoc/>
    public async Task<bool> HasAgentAsync(string id, CancellationToken cancellationToken) =>
        await AskAsync($"SSH agent {AgentOf(id)} cannot be had", SessionMethods.CheckAgent, new CheckAgentRequest { Id = AgentOf(id) }, cancellationToken) is not null;

    /// <inheritdoc/>
    public CallStream OpenAgent(string id, CancellationToken cancellationToken)
    {
        var metadata = new GrpcMetadata();
        metadata.Add("buildkit.ssh.id", AgentOf(id));
        GrpcCall<BytesMessage, BytesMessage> call = channel.Open(SessionMethods.ForwardAgent, new GrpcCallOptions { Metadata = metadata }, cancellationToken);
        return new CallStream(call, call, call);
    }

    /// <inheritdoc/>
    public async Task<SessionLogin?> FindLoginAsync(string host, CancellationToken cancellationToken)
    {
        CredentialsResponse? login = await AskAsync(
            $"the log-in of {host} cannot be had", SessionMethods.Credentials, new CredentialsRequest { Host = host }, cancellationToken);
        return login is { Secret.Length: > 0 } ? new SessionLogin(login.Username, login.Secret) : null;
    }

    /// <inheritdoc/>
    public async Task<SessionToken?> FetchTokenAsync(SessionTokenRequest request, CancellationToken cancellationToken)
    {
        var message = new FetchTokenRequest { ClientId = request.ClientId, Host = request.Host, Realm = request.Realm, Service = request.Service };
        message.Scopes.AddRange(request.Scopes);
        FetchTokenResponse? token = await AskAsync($"a token of {request.Host} cannot be had", SessionMethods.FetchToken, message, cancellationToken);
        if (token is null) return null;
        DateTimeOffset? issued = token.IssuedAt > 0 ? DateTimeOffset.FromUnixTimeSeconds(token.IssuedAt) : null;
        return new SessionToken(token.Token, TimeSpan.FromSeconds(Math.Clamp(token.ExpiresIn, 0, int.MaxValue)), issued);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindTokenAuthorityAsync(string host, ReadOnlyMemory<byte> salt, CancellationToken cancellationToken)
    {
        var request = new GetTokenAuthorityRequest { Host = host, Salt = Google.Protobuf.ByteString.CopyFrom(salt.Span) };
        GetTokenAuthorityResponse? key = await AskAsync($"the key of {host} cannot be had", SessionMethods.GetTokenAuthority, request, cancellationToken);
        return key?.PublicKey.ToByteArray();
    }

    /// <inheritdoc/>
    public async Task<byte[]?> SignAsync(string host, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> salt, CancellationToken cancellationToken)
    {
        var request = new VerifyTokenAuthorityRequest { Host = host, Payload = Google.Protobuf.ByteString.CopyFrom(payload.Span), Salt = Google.Protobuf.ByteString.CopyFrom(salt.Span) };
        VerifyTokenAuthorityResponse? signed =
            await AskAsync($"the client does not sign for {host}", SessionMethods.VerifyTokenAuthority, request, cancellationToken);
        return signed?.Signed.ToByteArray();
    }

    /// <summary>Ends all that is under way.</summary>
    public void Dispose()
    {
        closed.Cancel();
        channel.Dispose();
        // Not disposed: a build that is about to end may still watch it, and it holds nothing that needs it.
        GC.KeepAlive(closed);
    }

    // What the client does not have, or does not offer, is null.
    async Task<TResponse?> AskAsync<TRequest, TResponse>(
        string what, GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        if (!offer.Methods.Contains(method.Path)) return null;
        try
        {
            return await channel.CallAsync(method, request, brief, cancellationToken);
        }
        catch (GrpcException e) when (e.Code is GrpcStatusCode.NotFound or GrpcStatusCode.Unimplemented)
        {
            return null;
        }
        catch (GrpcException e)
        {
            throw SessionErrors.Of(what, e);
        }
    }

    void RequireOutputs()
    {
        if (!offer.Methods.Contains(SessionMethods.FileSend)) throw StrakeException.NotSupported("the client of this build takes no outputs");
    }

    ITimer? Tell(Action<FileTransferCount>? progress, FileTransferCount count) =>
        progress is null ? null : time.CreateTimer(_ => progress(count), state: null, s_progress, s_progress);

    static GrpcMetadata OutputMetadata(int output, IEnumerable<KeyValuePair<string, string>> further)
    {
        var metadata = new GrpcMetadata();
        metadata.Add("buildkit-attachable-exporter-id", output.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach ((string name, string value) in further) metadata.Add("exporter-md-" + name, value);
        return metadata;
    }

    static string AgentOf(string id) => id.Length > 0 ? id : DefaultAgent;
}
