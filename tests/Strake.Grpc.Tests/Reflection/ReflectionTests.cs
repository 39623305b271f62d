using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Strake.Grpc.Wire;

namespace Strake.Grpc.Tests.Reflection;

/// <summary>What a server tells of what it serves.</summary>
public sealed class ReflectionTests
{
    readonly CancellationToken stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Services_are_listed_under_both_names_of_the_method(bool isAlpha)
    {
        ServerReflectionResponse response = await AskAsync(new ServerReflectionRequest { Host = "here", ListServices = "*" }, isAlpha);
        Assert.Equal(["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"], response.ListServicesResponse.Service.Select(static service => service.Name));
        Assert.Equal(("here", "*"), (response.ValidHost, response.OriginalRequest.ListServices));
    }

    [Theory]
    [InlineData("grpc.health.v1.Health")]
    [InlineData("grpc.health.v1.Health.Watch")]
    [InlineData("grpc.health.v1.HealthCheckRequest")]
    [InlineData("grpc.health.v1.HealthCheckRequest.service")]
    [InlineData("grpc.health.v1.HealthCheckResponse.ServingStatus")]
    [InlineData("grpc.health.v1.HealthCheckResponse.NOT_SERVING")]
    public async Task A_name_leads_to_the_file_that_declares_it(string name)
    {
        ServerReflectionResponse response = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = name });
        FileDescriptorProto file = FileDescriptorProto.Parser.ParseFrom(Assert.Single(response.FileDescriptorResponse.FileDescriptorProto));
        Assert.Equal(("health.proto", "grpc.health.v1"), (file.Name, file.Package));
    }

    [Fact]
    public async Task A_file_comes_with_those_that_it_imports()
    {
        ServerReflectionResponse response = await AskAsync(new ServerReflectionRequest { FileByFilename = "google/protobuf/type.proto" });
        IEnumerable<string> names = response.FileDescriptorResponse.FileDescriptorProto.Select(static bytes => FileDescriptorProto.Parser.ParseFrom(bytes).Name);
        Assert.Equal(["google/protobuf/type.proto", "google/protobuf/any.proto", "google/protobuf/source_context.proto"], names);
    }

    [Fact]
    public async Task Extensions_of_a_known_message_are_told()
    {
        ServerReflectionResponse response = await AskAsync(new ServerReflectionRequest { AllExtensionNumbersOfType = "grpc.health.v1.HealthCheckRequest" });
        Assert.Equal("grpc.health.v1.HealthCheckRequest", response.AllExtensionNumbersResponse.BaseTypeName);
        Assert.Empty(response.AllExtensionNumbersResponse.ExtensionNumber);
    }

    [Fact]
    public async Task What_is_not_known_is_said_without_ending_the_call()
    {
        ServerReflectionRequest[] unknown =
        [
            new() { FileByFilename = "none.proto" },
            new() { FileContainingSymbol = "no.Such" },
            new() { AllExtensionNumbersOfType = "no.Such" },
            new() { FileContainingExtension = new ExtensionRequest { ContainingType = "no.Such", ExtensionNumber = 7 } },
        ];
        await using ServedCalls served = await StartAsync();
        await using GrpcCall<ServerReflectionRequest, ServerReflectionResponse> call = served.Channel.Open(ReflectionMethods.Ask, GrpcCallOptions.None, stop);
        foreach (ServerReflectionRequest request in unknown)
        {
            await call.WriteAsync(request, stop);
            Assert.Equal((int)GrpcStatusCode.NotFound, (await call.ReadAsync(stop))!.ErrorResponse.ErrorCode);
        }

        await call.WriteAsync(new ServerReflectionRequest(), stop);
        Assert.Equal((int)GrpcStatusCode.InvalidArgument, (await call.ReadAsync(stop))!.ErrorResponse.ErrorCode);
        call.Complete();
        Assert.Null(await call.ReadAsync(stop));
    }

    static Task<ServedCalls> StartAsync() => ServedCalls.StartAsync([.. new ReflectionService([TypeReflection.Descriptor]).Handlers]);

    async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request, bool isAlpha = false)
    {
        await using ServedCalls served = await StartAsync();
        await using GrpcCall<ServerReflectionRequest, ServerReflectionResponse> call =
            served.Channel.Open(isAlpha ? ReflectionMethods.AskAlpha : ReflectionMethods.Ask, GrpcCallOptions.None, stop);
        await call.WriteAsync(request, stop);
        call.Complete();
        ServerReflectionResponse? response = await call.ReadAsync(stop);
        Assert.Null(await call.ReadAsync(stop));
        return response!;
    }
}
