FROM scratch
RUN a \

 b
LABEL c=d \


 e=f
