using Strake.Daemon.BuildKit.Files;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>
/// The client of a build, as long as it is there: its files, its secrets, its agent, its log-ins, and what it takes of the result.
/// </summary>
/// <remarks>
/// Thread-safe. A client that goes away ends all that is under way with Unavailable, and <see cref="Closed"/>. What a client does not offer is
/// not found, or refused with NotSupported where the build cannot go on without.
/// </remarks>
/// <example><code>
/// using var root = RootedDirectory.Open(path, PathRule.Strict);
/// using var target = new DirectoryTarget(root);
/// await session.ReceiveFilesAsync(new FileSync("context") { ExcludePatterns = ["*.o"] }, target, progress: null, cancellationToken);
/// </code></example>
interface IBuildSession
{
    /// <summary>Names the session.</summary>
    string Id { get; }

    /// <summary>The same for all sessions that send the same directories; empty where that is not known.</summary>
    string SharedKey { get; }

    /// <summary>Ends when the client has gone.</summary>
    CancellationToken Closed { get; }

    /// <summary>Receives files; then the target is complete.</summary>
    /// <param name="files">Which.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="progress">Told now and then how far it is, and at the end; null: nobody wants to know.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">NotFound: the client has no such directory. NotSupported, Unavailable, and those of the target.</exception>
    Task<FileTransferCount> ReceiveFilesAsync(FileSync files, IFileTarget target, Action<FileTransferCount>? progress, CancellationToken cancellationToken);

    /// <summary>Sends files into the client's directory of an output.</summary>
    /// <param name="output">Which of the outputs, from 0.</param>
    /// <param name="source">The files.</param>
    /// <param name="progress">Told now and then how far it is, and at the end; null: nobody wants to know.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">The client does not take them; and those of the source.</exception>
    Task<FileTransferCount> SendFilesAsync(int output, IFileSource source, Action<FileTransferCount>? progress, CancellationToken cancellationToken);

    /// <summary>Opens the client's file of an output.</summary>
    /// <param name="output">Which of the outputs, from 0.</param>
    /// <param name="metadata">What the client may know of it, such as <c>containerimage.digest</c>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Takes the bytes; the caller finishes it.</returns>
    OutputFile OpenOutput(int output, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);

    /// <summary>Opens what the client has for a URL of the form <c>http://buildkit-session/…</c>: its standard input.</summary>
    /// <param name="url">The URL; each can be opened once.</param>
    /// <param name="cancellationToken">Gives it up, also while it is read.</param>
    /// <returns>The bytes; the caller disposes it.</returns>
    Stream OpenUpload(Uri url, CancellationToken cancellationToken);

    /// <summary>A secret's bytes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The bytes; null: the client has no such secret.</returns>
    /// <exception cref="StrakeException">TooLarge: over 500 KiB. Unavailable.</exception>
    Task<byte[]?> FindSecretAsync(string id, CancellationToken cancellationToken);

    /// <summary>Whether the client has an SSH agent of an id.</summary>
    /// <param name="id">Its id; empty is <c>default</c>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<bool> HasAgentAsync(string id, CancellationToken cancellationToken);

    /// <summary>Opens a connection to the client's SSH agent.</summary>
    /// <param name="id">Its id; empty is <c>default</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Both ways; the caller disposes it.</returns>
    CallStream OpenAgent(string id, CancellationToken cancellationToken);

    /// <summary>How the client logs in to a registry.</summary>
    /// <param name="host">The registry's domain: <c>registry-1.docker.io</c>, <c>localhost:5000</c>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The log-in; null: it has none, and asks without.</returns>
    Task<SessionLogin?> FindLoginAsync(string host, CancellationToken cancellationToken);

    /// <summary>Has the client fetch a token of a registry, so that its password does not leave it.</summary>
    /// <param name="request">What for.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The token; null: the client does not do that.</returns>
    Task<SessionToken?> FetchTokenAsync(SessionTokenRequest request, CancellationToken cancellationToken);

    /// <summary>The key with which the client proves that it may log in to a registry as before.</summary>
    /// <param name="host">The registry's domain.</param>
    /// <param name="salt">The daemon's, the same as long as it runs.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>32 bytes, an Ed25519 key; null: the client has none.</returns>
    Task<byte[]?> FindTokenAuthorityAsync(string host, ReadOnlyMemory<byte> salt, CancellationToken cancellationToken);

    /// <summary>Has the client sign something with that key.</summary>
    /// <param name="host">The registry's domain.</param>
    /// <param name="payload">What.</param>
    /// <param name="salt">As before.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>64 bytes of signature, then the payload; null: the client does not do that.</returns>
    Task<byte[]?> SignAsync(string host, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> salt, CancellationToken cancellationToken);
}
