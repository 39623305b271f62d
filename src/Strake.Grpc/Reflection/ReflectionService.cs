using Google.Protobuf;
using Google.Protobuf.Reflection;
using Strake.Grpc.Wire;

namespace Strake.Grpc;

/// <summary>
/// Tells callers what a server serves, so that tools such as grpcurl can call it without its files: <c>grpc.reflection.v1</c> and
/// <c>v1alpha</c>.
/// </summary>
/// <example><code>
/// var reflection = new ReflectionService([CsiReflection.Descriptor]);
/// var server = new GrpcServer([.. handlers, .. reflection.Handlers], new());
/// </code></example>
public sealed class ReflectionService
{
    readonly IReadOnlyList<FileDescriptor> files;
    readonly Lazy<SymbolTable> symbols;

    /// <summary>A service that tells of files.</summary>
    /// <param name="files">Those that declare the services that are served; what they import is told as well. Health and this service are added.</param>
    public ReflectionService(IEnumerable<FileDescriptor> files)
    {
        this.files = [.. files, HealthReflection.Descriptor, Wire.ReflectionReflection.Descriptor];
        // Few servers are ever asked.
        symbols = new Lazy<SymbolTable>(() => new SymbolTable(this.files));
    }

    /// <summary>What answers.</summary>
    public IReadOnlyList<GrpcHandler> Handlers => [GrpcHandler.Duplex(ReflectionMethods.Ask, AnswerAsync), GrpcHandler.Duplex(ReflectionMethods.AskAlpha, AnswerAsync)];

    async Task AnswerAsync(IGrpcReader<ServerReflectionRequest> requests, IGrpcWriter<ServerReflectionResponse> responses, GrpcServerCall call)
    {
        while (await requests.ReadAsync(call.Cancelled) is { } request)
        {
            ServerReflectionResponse response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responses.WriteAsync(response, call.Cancelled);
        }
    }

    ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        ServerReflectionRequest.MessageRequestOneofCase.FileByFilename =>
            File(symbols.Value.FindFile(request.FileByFilename), request.FileByFilename),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol =>
            File(symbols.Value.FindSymbol(request.FileContainingSymbol), request.FileContainingSymbol),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension =>
            File(
                symbols.Value.FindExtension(request.FileContainingExtension.ContainingType, request.FileContainingExtension.ExtensionNumber),
                $"extension {request.FileContainingExtension.ExtensionNumber} of {request.FileContainingExtension.ContainingType}"),
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType => Extensions(request.AllExtensionNumbersOfType),
        ServerReflectionRequest.MessageRequestOneofCase.ListServices => Services(),
        _ => Error(GrpcStatusCode.InvalidArgument, "the request asks for nothing that is known here"),
    };

    static ServerReflectionResponse File(FileDescriptor? file, string what)
    {
        if (file is null) return Error(GrpcStatusCode.NotFound, $"{what} is not known");
        var response = new FileDescriptorResponse();
        response.FileDescriptorProto.AddRange(SymbolTable.Whole(file).Select(static part => part.SerializedData));
        return new ServerReflectionResponse { FileDescriptorResponse = response };
    }

    ServerReflectionResponse Extensions(string type)
    {
        if (symbols.Value.FindExtensions(type) is not { } numbers) return Error(GrpcStatusCode.NotFound, $"{type} is not known");
        var response = new ExtensionNumberResponse { BaseTypeName = type };
        response.ExtensionNumber.AddRange(numbers);
        return new ServerReflectionResponse { AllExtensionNumbersResponse = response };
    }

    ServerReflectionResponse Services()
    {
        var response = new ListServiceResponse();
        response.Service.AddRange(files.SelectMany(static file => file.Services).Select(static service => service.FullName)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(static name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = response };
    }

    static ServerReflectionResponse Error(GrpcStatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
