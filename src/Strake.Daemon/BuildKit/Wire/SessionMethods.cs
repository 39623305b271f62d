using Strake.Daemon.BuildKit.Files;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Wire;

/// <summary>What clients serve on their sessions: services <c>moby.filesync.v1</c>, <c>moby.upload.v1</c>, <c>moby.buildkit.secrets.v1</c>, <c>moby.sshforward.v1</c>.</summary>
static class SessionMethods
{
    const string Auth = "moby.filesync.v1.Auth";
    const string Ssh = "moby.sshforward.v1.SSH";

    /// <summary>The client sends a directory; the path of the method.</summary>
    public const string FileSync = "/moby.filesync.v1.FileSync/DiffCopy";

    /// <summary>The client takes files, or one file's bytes; the path of the method.</summary>
    public const string FileSend = "/moby.filesync.v1.FileSend/DiffCopy";

    /// <summary>The client sends a directory. Made for each call, as the marshallers are.</summary>
    public static GrpcMethod<FilePacket, FilePacket> ReceiveFiles() =>
        new("moby.filesync.v1.FileSync", "DiffCopy", new FilePacketMarshaller(), new FilePacketMarshaller());

    /// <summary>The client takes files. Made for each call, as the marshallers are.</summary>
    public static GrpcMethod<FilePacket, FilePacket> SendFiles() =>
        new("moby.filesync.v1.FileSend", "DiffCopy", new FilePacketMarshaller(), new FilePacketMarshaller());

    public static GrpcMethod<BytesMessage, BytesMessage> SendFile { get; } =
        GrpcMethod.Of("moby.filesync.v1.FileSend", "DiffCopy", BytesMessage.Parser, BytesMessage.Parser);

    public static GrpcMethod<BytesMessage, BytesMessage> Pull { get; } =
        GrpcMethod.Of("moby.upload.v1.Upload", "Pull", BytesMessage.Parser, BytesMessage.Parser);

    public static GrpcMethod<GetSecretRequest, GetSecretResponse> GetSecret { get; } =
        GrpcMethod.Of("moby.buildkit.secrets.v1.Secrets", "GetSecret", GetSecretRequest.Parser, GetSecretResponse.Parser);

    public static GrpcMethod<CheckAgentRequest, CheckAgentResponse> CheckAgent { get; } =
        GrpcMethod.Of(Ssh, "CheckAgent", CheckAgentRequest.Parser, CheckAgentResponse.Parser);

    public static GrpcMethod<BytesMessage, BytesMessage> ForwardAgent { get; } =
        GrpcMethod.Of(Ssh, "ForwardAgent", BytesMessage.Parser, BytesMessage.Parser);

    public static GrpcMethod<CredentialsRequest, CredentialsResponse> Credentials { get; } =
        GrpcMethod.Of(Auth, "Credentials", CredentialsRequest.Parser, CredentialsResponse.Parser);

    public static GrpcMethod<FetchTokenRequest, FetchTokenResponse> FetchToken { get; } =
        GrpcMethod.Of(Auth, "FetchToken", FetchTokenRequest.Parser, FetchTokenResponse.Parser);

    public static GrpcMethod<GetTokenAuthorityRequest, GetTokenAuthorityResponse> GetTokenAuthority { get; } =
        GrpcMethod.Of(Auth, "GetTokenAuthority", GetTokenAuthorityRequest.Parser, GetTokenAuthorityResponse.Parser);

    public static GrpcMethod<VerifyTokenAuthorityRequest, VerifyTokenAuthorityResponse> VerifyTokenAuthority { get; } =
        GrpcMethod.Of(Auth, "VerifyTokenAuthority", VerifyTokenAuthorityRequest.Parser, VerifyTokenAuthorityResponse.Parser);
}
