using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Sessions;

namespace Strake.Daemon.Tests.BuildKit.Solving;

/// <summary>A client that has nothing.</summary>
sealed class SilentSession : IBuildSession, IBuildSessions
{
    public string Id => "silent";

    public string SharedKey => "";

    public CancellationToken Closed => CancellationToken.None;

    public Task<IBuildSession> GetAsync(string id, CancellationToken cancellationToken) => Task.FromResult<IBuildSession>(this);

    public Task<FileTransferCount> ReceiveFilesAsync(FileSync files, IFileTarget target, Action<FileTransferCount>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FileTransferCount> SendFilesAsync(int output, IFileSource source, Action<FileTransferCount>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public OutputFile OpenOutput(int output, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Stream OpenUpload(Uri url, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<byte[]?> FindSecretAsync(string id, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public Task<bool> HasAgentAsync(string id, CancellationToken cancellationToken) => Task.FromResult(false);

    public CallStream OpenAgent(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionLogin?> FindLoginAsync(string host, CancellationToken cancellationToken) => Task.FromResult<SessionLogin?>(null);

    public Task<SessionToken?> FetchTokenAsync(SessionTokenRequest request, CancellationToken cancellationToken) => Task.FromResult<SessionToken?>(null);

    public Task<byte[]?> FindTokenAuthorityAsync(string host, ReadOnlyMemory<byte> salt, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public Task<byte[]?> SignAsync(string host, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> salt, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);
}
