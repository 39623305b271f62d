using Microsoft.AspNetCore.Http;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>What a client says of a session when it opens it.</summary>
/// <param name="Id">Names it; the solve that wants it names it, too.</param>
/// <param name="Name">For a person; clients of today leave it empty.</param>
/// <param name="SharedKey">The same for all sessions that send the same directories from the same machine; empty where the client does not say.</param>
/// <param name="Methods">The paths of the calls that the client answers.</param>
/// <remarks>Headers: buildkit <c>session/session.go</c>. moby sends them with POST /session; others as metadata of the call Session.</remarks>
sealed record SessionOffer(string Id, string Name, string SharedKey, IReadOnlySet<string> Methods)
{
    const string IdHeader = "x-docker-expose-session-uuid";
    const string NameHeader = "x-docker-expose-session-name";
    const string SharedKeyHeader = "x-docker-expose-session-sharedkey";
    const string MethodHeader = "x-docker-expose-session-grpc-method";

    /// <summary>Reads the headers of a request.</summary>
    /// <exception cref="StrakeException">Invalid: the session has no id.</exception>
    public static SessionOffer Read(IHeaderDictionary headers) => Of(
        headers[IdHeader].ToString(), headers[NameHeader].ToString(), headers[SharedKeyHeader].ToString(), headers[MethodHeader].OfType<string>());

    /// <summary>Reads the metadata of a call.</summary>
    /// <exception cref="StrakeException">Invalid: the session has no id.</exception>
    public static SessionOffer Read(GrpcMetadata metadata) => Of(
        metadata.Find(IdHeader) ?? "", metadata.Find(NameHeader) ?? "", metadata.Find(SharedKeyHeader) ?? "", metadata.All(MethodHeader));

    static SessionOffer Of(string id, string name, string sharedKey, IEnumerable<string> methods) => id.Length > 0
        ? new(id, name, sharedKey, methods.ToHashSet(StringComparer.OrdinalIgnoreCase))
        : throw StrakeException.Invalid($"a session needs an id in the header {IdHeader}");
}
